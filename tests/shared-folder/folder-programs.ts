import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePackage } from '../faults/compiled-sources.js';

const PROGRAM = join(__dirname, 'program.mjs');

/** Beside the process of a test. */
const PROCESSES = 3;

/** Processes of their own for folders that a test shares with them (program.mjs): they serve any number of tests. */
export class FolderPrograms {
  /** Where each is spoken to. */
  readonly sockets: readonly string[];
  readonly #folders: readonly string[];
  readonly #processes: readonly ChildProcess[];

  private constructor(compiled: string, places: string) {
    this.#folders = [compiled, places];
    this.sockets = Array.from({ length: PROCESSES }, (_, n) => join(places, `${n}`));
    this.#processes = this.sockets.map((socket) => fork(PROGRAM, [compiled, socket], { execArgv: [] }));
  }

  /** Resolves when all of them listen. */
  static async start(): Promise<FolderPrograms> {
    const programs = new FolderPrograms(compilePackage(), mkdtempSync(join(tmpdir(), 'dust-orm-programs-')));
    try {
      await Promise.all(programs.#processes.map(listening));
      return programs;
    } catch (error) {
      await programs.stop();
      throw error;
    }
  }

  /** Resolves when they have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map(ended));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

async function listening(child: ChildProcess): Promise<void> {
  const endedFirst = once(child, 'exit').then(() => {
    throw new Error('a process that was to share folders ended');
  });
  await Promise.race([once(child, 'message'), endedFirst]);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
}
