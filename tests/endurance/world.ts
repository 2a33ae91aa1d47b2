import type { DustErrorKind, Repository } from '../../src/index.js';
import { DataSource, isDustError, silentLogger } from '../../src/index.js';
import type { TransportCapabilities } from '../../src/transport/transport.js';
import { ENTITIES, Note, Rubbish, Scrap } from './records.js';
import type { OpenRow } from './rows.js';

/** Callers at a time. Each has records of its own, so that nobody is refused for what another does. */
export const LANES = 20;

/** What drives call methods on: repositories, or the manager with the class already given. */
export interface Subjects {
  readonly notes: Repository<Note>;
  readonly scraps: Repository<Scrap>;
  readonly rubbish: Repository<Rubbish>;
}

/** An open data source with a record for each lane, and what drives share. */
export interface World extends Subjects {
  readonly row: OpenRow;
  readonly dataSource: DataSource;
  readonly capabilities: TransportCapabilities;
  /** One for all calls, as a service has one for its shutdown. */
  readonly signal: AbortSignal;
}

/** One use of a method. `lane` is the caller's own, `turn` differs from call to call. */
export type Drive = (world: World, lane: number, turn: number) => unknown;

export type Drives = Readonly<Record<string, Drive>>;

/** The slug of a lane's record. */
export const slugOf = (lane: number): string => `n${lane}`;

export async function openWorld(row: OpenRow): Promise<World> {
  const { transport } = row;
  const dataSource = new DataSource({ entities: ENTITIES, transport, logger: silentLogger });
  await dataSource.initialize();
  const notes = dataSource.getRepository(Note);
  await notes.insertMany(
    Array.from({ length: LANES }, (_, lane) => ({
      id: slugOf(lane),
      text: 'x',
      rank: lane,
      aboveId: slugOf(0),
    })),
  );
  const { signal } = new AbortController();
  return {
    row,
    dataSource,
    capabilities: dataSource.transport.capabilities,
    signal,
    notes,
    scraps: dataSource.getRepository(Scrap),
    rubbish: dataSource.getRepository(Rubbish),
  };
}

/** The same world, with the methods of its manager in place of those of its repositories. */
export function byManager(world: World): World {
  const { manager } = world.dataSource;
  const withClass = <T extends object>(repository: Repository<T>): Repository<T> =>
    new Proxy(repository, {
      get(target, name) {
        const method: unknown = Reflect.get(manager, name);
        if (typeof method !== 'function') return Reflect.get(target, name, target) as unknown;
        return (...args: unknown[]): unknown => Reflect.apply(method, manager, [target.target, ...args]);
      },
    });
  const { notes, scraps, rubbish } = world;
  return { ...world, notes: withClass(notes), scraps: withClass(scraps), rubbish: withClass(rubbish) };
}

/** Expects the work to be refused with one of these kinds. */
export async function refused(work: unknown, ...kinds: readonly DustErrorKind[]): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (kinds.some((kind) => isDustError(error, kind))) return;
    throw error;
  }
  throw new Error(`expected ${kinds.join(' or ')}`);
}

/** Expects the work to succeed where the transport can do it, and to be refused where it cannot. */
export async function whereAble(able: boolean, work: unknown): Promise<void> {
  if (able) await work;
  else await refused(work, 'not_supported');
}

/** Whether counters and sets can be changed, by operations of their own or in batches. */
export function countsOver({ counters, atomicBatch, batchCounters }: TransportCapabilities): boolean {
  return counters || (atomicBatch && batchCounters);
}
