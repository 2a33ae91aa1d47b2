import { readFileSync, readdirSync, statSync } from 'node:fs';
import { readersOf } from '../unit/store/lmdb/readers.js';
import type { Gauge } from './levels.js';

const MIB = 2 ** 20;

/** What is measured, and what of it is noise: MiB, and numbers of things. */
export const GAUGES = {
  heap: { name: 'heap after collection, MiB', relative: 0.1, absolute: 8 },
  resident: { name: 'resident, MiB', relative: 0.15, absolute: 48 },
  descriptors: { name: 'descriptors', relative: 0, absolute: 4 },
  resources: { name: 'timers, sockets, listeners', relative: 0, absolute: 6 },
  readers: { name: 'LMDB readers', relative: 0, absolute: 1 },
  file: { name: 'data file, MiB', relative: 0.1, absolute: 2 },
  serverOwn: { name: 'server: own memory, MiB', relative: 0.15, absolute: 48 },
  serverDescriptors: { name: 'server: descriptors', relative: 0, absolute: 4 },
  serverReaders: { name: 'server: LMDB readers', relative: 0, absolute: 1 },
  serverFile: { name: 'server: data file, MiB', relative: 0.1, absolute: 2 },
} as const satisfies Record<string, Gauge>;

/** One look at everything; not a number where the system does not tell. */
export type Sample = Readonly<Record<keyof typeof GAUGES, number>>;

/** Where to look. */
export interface Places {
  /** The folder of the embedded store. */
  readonly embedded: string;
  /** The folder of the served store. */
  readonly served: string;
  readonly serverPid: number;
}

export async function sample({ embedded, served, serverPid }: Places): Promise<Sample> {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return {
    heap: heapUsed / MIB,
    resident: rss / MIB,
    descriptors: descriptorsOf(process.pid),
    resources: process.getActiveResourcesInfo().length + listeners,
    readers: await readersOf(embedded),
    file: statSync(`${embedded}/data.mdb`).size / MIB,
    serverOwn: ownMemoryOf(serverPid),
    serverDescriptors: descriptorsOf(serverPid),
    serverReaders: await readersOf(served),
    serverFile: statSync(`${served}/data.mdb`).size / MIB,
  };
}

function descriptorsOf(pid: number): number {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/fd`).length : Number.NaN;
}

/** What it holds itself: the pages of a mapped file are anybody's who needs the memory. */
function ownMemoryOf(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
