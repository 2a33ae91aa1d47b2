import { FAILURES } from './drives/failures.js';
import { LIFE } from './drives/life.js';
import { DATA_SOURCE, MANAGER } from './drives/manager.js';
import { READS } from './drives/reads.js';
import { STREAMS, WATCHES } from './drives/realtime.js';
import { REPOSITORY_ONLY, WRITES } from './drives/writes.js';
import type { Drive, Drives } from './world.js';
import { byManager } from './world.js';

const named = (prefix: string, drives: Drives): [string, Drive][] =>
  Object.entries(drives).map(([name, drive]) => [`${prefix}${name}`, drive]);

const managed = (drives: Drives): Drives =>
  Object.fromEntries(
    Object.entries(drives).map(([name, drive]) => [
      name,
      (world, lane, turn) => drive(byManager(world), lane, turn),
    ]),
  );

/** What is called while a data source is open, many at a time, by `Class.member` where it drives one. */
export const DRIVES: readonly (readonly [name: string, drive: Drive])[] = [
  ...named('Repository.', { ...READS, ...WRITES, ...REPOSITORY_ONLY, ...WATCHES }),
  ...named('EntityManager.', { ...managed({ ...READS, ...WRITES }), ...MANAGER }),
  ...named('DataSource.', DATA_SOURCE),
  ...named('', STREAMS),
  ...named('', FAILURES),
];

/** What opens and closes data sources. */
export const LIVES: readonly (readonly [name: string, drive: Drive])[] = named('DataSource.', LIFE);
