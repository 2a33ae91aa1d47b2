import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';
import { drawNode, drawTime } from './fault.js';

/** Writes until there is no room. Returns what makes room again. */
function fill(folder: string): () => void {
  const path = join(folder, 'filler');
  const file = openSync(path, 'w');
  for (let size = 1_048_576; size >= 512;) {
    try {
      writeSync(file, Buffer.alloc(size));
    } catch {
      size /= 2;
    }
  }
  closeSync(file);
  return () => {
    rmSync(path, { force: true });
  };
}

export const fullNodeDisk: Fault = {
  name: 'the disk of a node full',
  run: async (context) => {
    const { node } = drawNode(context);
    const makeRoom = fill(node.folder);
    await pause(drawTime(context, 4_000, 7_000));
    await node.end('SIGTERM');
    makeRoom();
    await node.begin();
  },
};

export const fullLogDisk: Fault = {
  name: 'the disk of the primary full',
  run: async (context) => {
    const { primary } = context.scene.pair;
    const makeRoom = fill(primary.folder);
    await pause(drawTime(context, 3_000, 6_000));
    makeRoom();
    // PostgreSQL ends when it cannot write its log.
    await pause(500);
    if (!primary.isRunning) await primary.begin();
  },
};
