import { randomUUID } from 'node:crypto';
import { NOTHING_APPLIED, storedMark } from '../../../src/cluster/apply/cluster-mark.js';
import { standingOf, withFrame } from '../../../src/cluster/apply/sessions.js';
import type { LogEntry, ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { inStoreOrder } from '../../../src/protocol/paths/order.js';
import type { Leaf } from '../../../src/protocol/values/value.js';
import type {
  HeldState,
  LoggedFrame,
  LoggedOutcome,
  LoggedRequest,
  StatePiece,
  StoreCopy,
} from '../../../src/store/index.js';
import type { MemberParts, Mutation } from './model/member.js';
import { runCluster } from './model/run.js';
import { withParts } from './model/with-parts.js';

/** Histories within which a mutant must be caught; what is right passes all of them. */
const ENOUGH = 240;

const script = (seed: number): { seed: number; members: number; steps: number } => ({
  seed,
  members: 2 + (seed % 3),
  steps: 150 + ((seed * 37) % 250),
});

type Apply = StoreCopy['apply'];

/** A copy that applies frames in another way. */
const applying =
  (change: (apply: Apply, member: MemberParts, copy: StoreCopy) => Apply): NonNullable<Mutation['copy']> =>
  (copy, member) => {
    const apply = change((frame) => copy.apply(frame), member, copy);
    return withParts(copy, { apply });
  };

const requesting = (
  change: (request: LoggedRequest, member: MemberParts) => LoggedRequest,
): NonNullable<Mutation['copy']> =>
  applying(
    (apply, member) => (frame) =>
      apply({ ...frame, requests: frame.requests.map((request) => change(request, member)) }),
  );

/** One of the members reads another log than the others. */
const reading =
  (change: (entries: readonly LogEntry[]) => readonly LogEntry[]): NonNullable<Mutation['log']> =>
  (log: ReplicatedLog, { index }) =>
    index > 0
      ? log
      : {
          name: log.name,
          shelf: log.shelf,
          append: (...args) => log.append(...args),
          bounds: () => log.bounds(),
          watch: (listener) => log.watch(listener),
          trim: (through) => log.trim(through),
          close: () => log.close(),
          read: async (...args) => change(await log.read(...args)),
        };

/** A copy whose state is told in another way. */
const holding = (
  change: (piece: StatePiece, copy: StoreCopy) => StatePiece | undefined,
): NonNullable<Mutation['copy']> => {
  const pieces = function* (state: HeldState, copy: StoreCopy): Generator<StatePiece> {
    for (const piece of state.pieces()) {
      const changed = change(piece, copy);
      if (changed !== undefined) yield changed;
    }
  };
  return (copy) =>
    withParts(copy, {
      hold: () => {
        const state = copy.hold();
        return {
          pieces: () => pieces(state, copy),
          release: () => {
            state.release();
          },
        };
      },
    });
};

/** The leaves that lie there now and did at a moment, without those that have changed since. */
function leavesNow(copy: StoreCopy, { leaves }: { readonly leaves: readonly Leaf[] }): Leaf[] {
  const state = copy.hold();
  try {
    const now = [...state.pieces()].flatMap((piece) => (piece.kind === 'leaves' ? piece.leaves : []));
    const known = new Map(now.map((leaf) => [leaf.path, leaf.revision]));
    return leaves.filter(({ path, revision }) => known.get(path) === revision);
  } finally {
    state.release();
  }
}

const NOTHING: LoggedOutcome = { done: { operations: [], storeSeq: 0 } };

const remembered = (copy: StoreCopy): LoggedFrame<LoggedRequest>['markOf'] => {
  const mark = copy.logged?.mark ?? storedMark(NOTHING_APPLIED);
  return () => mark;
};

const MUTANTS: Readonly<Record<string, Mutation>> = {
  'applies a frame as often as the log has it': { parts: { standingOf: () => 'new' } },
  'knows the last session only': {
    parts: {
      withFrame: ({ session: { id, since }, number }, time, { forgotten }) => ({
        sessions: [{ id, since, number, time }],
        forgotten,
      }),
    },
  },
  'forgets sessions sooner than others do': {
    parts: {
      withFrame: (frame, time, marks) =>
        withFrame(frame, time, {
          ...marks,
          sessions: marks.sessions.filter((mark) => time - mark.time < 10_000),
        }),
    },
  },
  'takes a session that it has forgotten for a new one': {
    parts: {
      standingOf: (frame, marks) =>
        marks.sessions.some(({ id }) => id === frame.session.id) ? standingOf(frame, marks) : 'new',
    },
  },
  'goes by its own clock': {
    copy: applying(
      (apply, { clock }) =>
        (frame) =>
          apply({ ...frame, time: clock.now() }),
    ),
  },
  'draws client ids when it commits': {
    copy: requesting((request) =>
      request.kind === 'commit' ? { ...request, by: { ...request.by, clientOpId: randomUUID() } } : request,
    ),
  },
  'does not look for what was asked before': {
    copy: requesting((request) =>
      request.kind === 'commit' ? { ...request, by: { ...request.by, mayBeRepeated: false } } : request,
    ),
  },
  'applies two frames the other way round': {
    log: reading((entries) => {
      const [first, second, ...rest] = entries;
      if (first === undefined || second === undefined) return entries;
      return [{ ...first, bytes: second.bytes }, { ...second, bytes: first.bytes }, ...rest];
    }),
  },
  'leaves a frame out': {
    log: reading((entries) =>
      entries.map((entry, i) => (i === 1 ? { ...entry, bytes: entries[0]!.bytes } : entry)),
    ),
  },
  'remembers a frame before it is applied': {
    copy: applying((apply) => async (frame) => {
      const nothing = frame.requests.map(() => NOTHING);
      await apply({ ...frame, requests: [], markOf: () => frame.markOf(nothing) });
      return apply(frame);
    }),
  },
  'remembers a frame after it is applied': {
    copy: applying((apply, _, copy) => async (frame) => {
      const outcomes = await apply({ ...frame, markOf: remembered(copy) });
      await apply({ ...frame, requests: [], markOf: () => frame.markOf(outcomes) });
      return outcomes;
    }),
  },
  'says of what was refused that it is done': {
    copy: applying((apply, _, copy) => async (frame) => {
      const outcomes = await apply(frame);
      return outcomes.map((outcome) =>
        'done' in outcome ? outcome : { done: { operations: [], storeSeq: copy.storeSeq } },
      );
    }),
  },
  'builds unique indexes by itself': {
    order: (node) =>
      new Proxy(node, {
        get: (target, name) => {
          if (name === 'ownIndexes') return (_: string, definitions: unknown) => Promise.resolve(definitions);
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      }),
  },
  'compacts to a length of its own': {
    copy: requesting((request, { index }) =>
      request.kind === 'compact' ? { ...request, keep: 7 * index } : request,
    ),
  },
  'trims the log by the newest snapshot': {
    parts: { trimThrough: (taken) => taken.at(-1)?.position ?? 0 },
  },
  'believes that a snapshot is what was put on the shelf': {
    parts: { verifySnapshot: () => Promise.resolve() },
  },
  'leaves the sessions out of a snapshot': {
    copy: holding((piece) => {
      if (piece.kind !== 'head' || piece.counters.logged === undefined) return piece;
      const { logged, ...counters } = piece.counters;
      const mark = { ...logged.mark, sessions: [] };
      return { ...piece, counters: { ...counters, logged: { ...logged, mark } } };
    }),
  },
  'leaves the operations out of a snapshot': {
    copy: holding((piece) => (piece.kind === 'operations' ? undefined : piece)),
  },
  'leaves the window of client ids out of a snapshot': {
    copy: holding((piece) =>
      piece.kind === 'operations'
        ? { ...piece, operations: piece.operations.map((operation) => ({ ...operation, clientOpId: null })) }
        : piece,
    ),
  },
  'leaves what the last compaction needs out of a snapshot': {
    copy: holding((piece) => (piece.kind === 'overlay' ? undefined : piece)),
  },
  'leaves the unique indexes out of a snapshot': {
    copy: holding((piece) => (piece.kind === 'head' ? { ...piece, indexes: [] } : piece)),
  },
  'takes a snapshot of more than one moment': {
    copy: holding((piece, copy) =>
      piece.kind === 'leaves' ? { ...piece, leaves: leavesNow(copy, piece) } : piece,
    ),
  },
  'takes a snapshot over what is there': {
    copy: (copy) =>
      withParts(copy, {
        restore: (pieces, signal) => copy.restore(withoutDrops(pieces, copy), signal),
      }),
  },
  'tells nobody of what a snapshot has changed': {
    copy: (copy) =>
      withParts(copy, {
        restore: async (pieces, signal) => {
          await copy.restore(pieces, signal);
          return () => undefined;
        },
      }),
  },
  'keeps its log by limits of its own': {
    copy: applying((apply, { index }) => async (frame) => {
      const limits = { keep: index, limit: 10 + 3 * index };
      const outcomes = await apply({
        ...frame,
        requests: [{ kind: 'limits', limits }, ...frame.requests],
        markOf: (all) => frame.markOf(all.slice(1)),
      });
      return outcomes.slice(1);
    }),
  },
};

/** With all that is there and that the snapshot does not have. */
async function* withoutDrops(pieces: AsyncIterable<StatePiece>, copy: StoreCopy): AsyncIterable<StatePiece> {
  const state = copy.hold();
  const there = [...state.pieces()].flatMap((piece) => (piece.kind === 'leaves' ? piece.leaves : []));
  state.release();
  for await (const piece of pieces) {
    if (piece.kind !== 'leaves') {
      yield piece;
      continue;
    }
    const paths = new Set(piece.leaves.map(({ path }) => path));
    const others = there.filter(({ path }) => !paths.has(path));
    yield { ...piece, leaves: inStoreOrder([...piece.leaves, ...others], ({ path }) => path) };
  }
}

/** What the run says that finds a mutant. */
async function failureOf(mutation: Mutation): Promise<string | undefined> {
  for (let seed = 0; seed < ENOUGH; seed++) {
    try {
      await runCluster({ ...script(seed), mutation });
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}

it.each(Object.entries(MUTANTS))(
  'random histories tell a node that %s',
  async (_, mutation) => {
    const failure = await failureOf(mutation);
    expect(failure).toMatch(/^seed \d+: /);
  },
  600_000,
);
