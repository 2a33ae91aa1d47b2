import type { Path } from '../../../../src/protocol/paths/path.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import type { BatchOperation } from '../../../../src/store/index.js';
import type { SyncWrite } from '../../../../src/sync/engine-types.js';
import type { Random } from './random.js';

/** What a workload knows when it draws the next write. */
export interface Surroundings {
  readonly random: Random;
  /** The leaf as the writer's mirror has it. */
  readonly leaf: (path: Path) => Leaf | undefined;
  /** Names the next lease: a lost reply is told by it (PROTOCOL §6). */
  readonly holder: string;
  /** A lease that the writer holds, as far as it knows. */
  readonly lease: { readonly key: Path; readonly token: number } | undefined;
}

/** Where leases of the workload lie. */
export const LOCK: Path = 'locks/one';

const SLUGS = ['a', 'b', 'c'];

type Draw = (surroundings: Surroundings) => SyncWrite;

const setField: Draw = ({ random }) => ({
  op: 'set',
  path: `links/${random.pick(SLUGS)}/${random.pick(['title', 'n', 'list'])}`,
  value: random.pick([`text ${random.int(0, 99)}`, random.int(0, 99), 1.5, null, true, ['x', { y: 1 }]]),
});

const setRecord: Draw = ({ random }) => ({
  op: 'set',
  path: `links/${random.pick(SLUGS)}`,
  value: { title: `whole ${random.int(0, 99)}`, n: random.int(0, 9), meta: { deep: random.int(0, 9) } },
});

const mergeRecord: Draw = ({ random }) => ({
  op: 'merge',
  path: `links/${random.pick(SLUGS)}`,
  value: { title: `merged ${random.int(0, 99)}`, n: random.int(0, 9) },
});

const remove: Draw = ({ random }) => ({
  op: 'delete',
  path: random.pick(['links', ...SLUGS.map((slug) => `links/${slug}`), 'counts/reset', 'links/a/title']),
});

/** `counts/sum` is only ever incremented, `counts/reset` is also set and deleted (PROTOCOL §5.8). */
const increment: Draw = ({ random }) => ({
  op: 'increment',
  path: random.pick(['counts/sum', 'counts/sum', 'counts/reset']),
  value: random.int(1, 9),
});

const resetCounter: Draw = ({ random }) => ({ op: 'set', path: 'counts/reset', value: random.int(0, 100) });

const member: Draw = ({ random }) => ({
  op: random.pick(['add', 'add', 'remove'] as const),
  path: random.pick(['tags/all', 'tags/reset']),
  value: `tag ${random.int(0, 4)}`,
});

const guarded: Draw = ({ random, leaf }) => {
  const path = `links/${random.pick(SLUGS)}/title`;
  const revision = leaf(path)?.revision;
  const value = `guarded ${random.int(0, 99)}`;
  if (revision === undefined || random.chance(0.3)) return { op: 'set', path, value, ifAbsent: true };
  return { op: 'set', path, value, ifMatch: revision };
};

const lock: Draw = ({ random, holder, lease }) => {
  if (lease === undefined) return { op: 'lease', path: LOCK, ttl: random.pick([500, 30_000]), holder };
  return random.pick<SyncWrite>([
    { op: 'renew', path: lease.key, token: lease.token, ttl: 5_000 },
    { op: 'release', path: lease.key, token: lease.token },
    { op: 'increment', path: 'counts/fenced', value: 1, fence: lease },
    { op: 'set', path: 'links/a/title', value: `fenced ${random.int(0, 99)}`, fence: lease },
  ]);
};

const WEIGHTS = {
  setField: 4,
  setRecord: 2,
  mergeRecord: 3,
  remove: 1,
  increment: 6,
  resetCounter: 1,
  member: 3,
  guarded: 3,
  lock: 2,
};

const DRAWS: Readonly<Record<keyof typeof WEIGHTS, Draw>> = {
  setField,
  setRecord,
  mergeRecord,
  remove,
  increment,
  resetCounter,
  member,
  guarded,
  lock,
};

/** A few operations that go together. */
export function drawBatch(random: Random): BatchOperation[] {
  const value = `batched ${random.int(0, 99)}`;
  const slug = random.pick(SLUGS);
  return [
    { op: 'set', path: `links/${slug}/title`, value },
    { op: 'set', path: `links/${random.pick(SLUGS)}/n`, value: random.int(0, 99) },
    random.chance(0.5)
      ? { op: 'delete', path: `links/${slug}/list` }
      : { op: 'set', path: 'counts/reset', value: 7 },
  ];
}

/** The next write of a client. */
export function drawWrite(surroundings: Surroundings): SyncWrite {
  return DRAWS[surroundings.random.weighted<keyof typeof WEIGHTS>(WEIGHTS) ?? 'setField'](surroundings);
}
