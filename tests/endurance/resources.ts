import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readersOf } from '../unit/store/lmdb/readers.js';
import type { World } from './world.js';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a process holds. Everything is a number, and must be no greater afterwards. */
export type Holdings = Readonly<Record<string, number>>;

/** What does not go up and down with the work of the moment: a connection that is kept alive may come and go. */
const PASSING: ReadonlySet<string> = new Set([
  'FSReqCallback',
  'FSReqPromise',
  'Immediate',
  'CloseReq',
  'GetAddrInfoReqWrap',
]);

/** Ends the name of what is held by the process that has the store, where that is another one. */
export const ELSEWHERE = ' of the owner';

/** What is held just now. */
export async function holdings(world: World): Promise<Holdings> {
  const { row, signal } = world;
  const held: Record<string, number> = {
    'listeners and subscriptions': row.watching(),
    'listeners of the one AbortSignal': getEventListeners(signal, 'abort').length,
    'listeners of process': process
      .eventNames()
      .reduce((sum, event) => sum + process.listenerCount(event), 0),
    descriptors: descriptors(),
  };
  for (const kind of process.getActiveResourcesInfo()) {
    if (!PASSING.has(kind)) held[kind] = (held[kind] ?? 0) + 1;
  }
  for (const folder of row.folders) {
    held['LMDB readers'] = (held['LMDB readers'] ?? 0) + (await readersOf(folder));
  }
  const elsewhere = await row.elsewhere?.();
  for (const [kind, count] of Object.entries(elsewhere?.counts ?? {})) held[`${kind}${ELSEWHERE}`] = count;
  return held;
}

/** Bytes on the heap when what can go has gone, in the process that has the store, too. */
export async function heap({ row }: World): Promise<number> {
  // What waits for a turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const elsewhere = await row.elsewhere?.();
  return process.memoryUsage().heapUsed + (elsewhere?.heap ?? 0);
}

/** Where the system tells. */
function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
