import { existsSync, readFileSync } from 'node:fs';
import { commitOf } from '../../../src/protocol/requests/operation.js';
import { SyncEngine } from '../../../src/sync/engine.js';
import type { SyncEngineOptions } from '../../../src/sync/options.js';
import type { SyncEngineParts } from '../../../src/sync/parts.js';
import { defaultParts } from '../../../src/sync/parts.js';
import type { BufferedOperation } from '../../../src/sync/intake/reorder-buffer.js';
import { runFault } from './simulation/run-fault.js';
import type { Scenario } from './simulation/scenario.js';
import { LMDB_SCENARIO, SCENARIOS } from './simulation/scenario.js';
import type { Encode } from './simulation/simulation.js';

/** An engine with one part that is wrong, and the area of faults that shows it. */
interface Mutant {
  readonly name: string;
  readonly area: string;
  readonly parts: Partial<SyncEngineParts>;
  readonly options?: Partial<SyncEngineOptions>;
  /** Writes what is sent as JSON, in place of what does it right. */
  readonly encode?: Encode;
}

/** Seeds within which a mutant must be caught; the engine itself passes all of them. */
const SEEDS = 60;

/** Waits for nothing and keeps nothing in mind. */
const blindBounds = {
  isGuessed: false,
  completeThrough: () => undefined,
  reset: () => undefined,
  clear: () => undefined,
};

const MUTANTS: readonly Mutant[] = [
  {
    name: 'applies operations as they come',
    area: 'disorder and holes',
    parts: {
      createReorderBuffer: (limit, bytes) => {
        const right = defaultParts.createReorderBuffer(limit, bytes);
        const arrived: BufferedOperation[] = [];
        return {
          ...right,
          get size() {
            return arrived.length;
          },
          add: (buffered) => {
            arrived.push(buffered);
            return true;
          },
          take: () => arrived.shift(),
          dropThrough: () => undefined,
          clear: () => {
            arrived.length = 0;
          },
        };
      },
    },
  },
  {
    name: 'sends again before it has caught up',
    area: 'late writes of dead connections',
    parts: {
      createRecovery: ({ resumeWrites }) => ({
        onJoined: resumeWrites,
        onCaughtUp: () => Promise.resolve(),
      }),
    },
  },
  {
    name: 'sends again after it has caught up, without a fence',
    area: 'late writes of dead connections',
    parts: {
      createRecovery: ({ resumeWrites }) => ({
        onJoined: () => undefined,
        onCaughtUp: () => {
          resumeWrites();
          return Promise.resolve();
        },
      }),
    },
    options: { delivery: 'at-least-once' },
  },
  {
    name: 'persists a seq before which operations are missing',
    area: 'process restarts',
    parts: { persistedSeq: (_contiguous, highestKnown) => highestKnown },
  },
  {
    name: 'drops the difference that a snapshot makes',
    area: 'snapshots and catch-up values',
    parts: {
      snapshotDiff: (present, next) =>
        defaultParts.snapshotDiff(present, next).filter(({ after }) => after !== undefined),
    },
  },
  {
    name: 'applies a commit operation by operation',
    area: 'disorder and holes',
    parts: {
      createCommitBounds: (run) => ({
        ...blindBounds,
        next: () => (run.size === 0 ? undefined : 1),
      }),
    },
  },
  {
    name: 'takes a commit for over when no more of it has come yet',
    area: 'lost connections',
    parts: {
      createCommitBounds: (run) => {
        const right = defaultParts.createCommitBounds(run);
        return { ...blindBounds, next: () => right.next() ?? (run.size === 0 ? undefined : run.size) };
      },
    },
  },
  {
    name: 'believes the server alone and recognises no batch by its ids',
    area: 'disorder and holes',
    parts: {
      createCommitBounds: (run) => ({
        ...blindBounds,
        next: () => {
          const first = run.at(0)?.operation;
          if (first === undefined) return undefined;
          const length = commitOf(first).last - first.storeSeq + 1;
          return length <= run.size ? length : undefined;
        },
      }),
    },
  },
  {
    name: 'gives up waiting for the rest of a batch in the middle of a catch-up',
    area: 'everything',
    parts: {
      createCommitBounds: (run) => {
        const right = defaultParts.createCommitBounds(run);
        let seen = 0;
        return {
          ...blindBounds,
          next: () => {
            const length = right.next();
            if (length !== undefined || run.size === 0) return length;
            const isStill = seen === run.at(run.size - 1)?.operation.storeSeq;
            seen = run.at(run.size - 1)?.operation.storeSeq ?? 0;
            return isStill ? run.size : undefined;
          },
          reset: () => {
            right.reset();
          },
        };
      },
    },
  },
  {
    name: 'sends a write for ever that the server crashes on',
    area: 'a server under load',
    parts: {
      createSuspect: () => {
        const right = defaultParts.createSuspect();
        right.isGuilty = () => false;
        return right;
      },
    },
  },
  {
    name: 'takes the answer of a busy server for a refusal',
    area: 'a server under load',
    parts: {
      readWriteReply: (reply) => {
        const right = defaultParts.readWriteReply(reply);
        return right.kind === 'unknown' ? { kind: 'refused', response: reply.response } : right;
      },
    },
  },
  {
    name: 'takes the answer of a busy server for a request to try again',
    area: 'a server under load',
    parts: {
      readWriteReply: (reply) => {
        const right = defaultParts.readWriteReply(reply);
        return right.kind === 'unknown' ? { kind: 'limited', retryAfter: 100 } : right;
      },
    },
  },
  {
    name: 'writes floats as integers that MessagePack cannot hold',
    area: 'a server under load',
    parts: {},
    encode: (payload) => JSON.stringify(payload),
  },
  {
    name: 'counts the wait for a rate limit as the time of a write',
    area: 'a rate limit',
    parts: {
      createRateLimit: (options) => defaultParts.createRateLimit({ ...options, onHolding: () => undefined }),
    },
  },
  {
    name: 'trusts the close code',
    area: 'lost connections',
    parts: {
      createReconnectPolicy: (options) => {
        const right = defaultParts.createReconnectPolicy(options);
        return {
          delayAfter: (end) => (end.reason.includes('code 1000') ? undefined : right.delayAfter(end)),
          reset: right.reset,
        };
      },
    },
  },
];

function areaOf({ area }: Mutant): Scenario {
  const scenario = SCENARIOS.find(({ name }) => name === area);
  if (scenario === undefined) throw new Error(`there is no scenario ${area}`);
  return scenario;
}

/** What is found of the mutant in the first seed that shows it. */
async function reportOf(mutant: Mutant): Promise<string | undefined> {
  const parts = { ...defaultParts, ...mutant.parts };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const found = await runFault(
      seed,
      areaOf(mutant),
      (options) => new SyncEngine({ ...options, ...mutant.options }, parts),
      mutant.encode,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('the fault suite', () => {
  it.each(MUTANTS)(
    'catches an engine that $name',
    async (mutant) => {
      expect(await reportOf(mutant)).toContain(`${mutant.area}, seed `);
    },
    600_000,
  );

  it('says with what it finds how to do that run alone again', async () => {
    const [mutant] = MUTANTS;
    const area = areaOf(mutant!);
    const report = await reportOf(mutant!);
    const command = /SYNC_SEED=\d+ npm run (\S+) -- (\S+) -t '(.+)'$/m.exec(report ?? '');
    const [, script = '', file = '', title = ''] = command ?? [];
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(scripts).toHaveProperty([script]);
    expect(existsSync(`tests/faults/sync/${file}.test.ts`)).toBe(true);
    expect([...SCENARIOS, LMDB_SCENARIO].filter(({ name }) => new RegExp(title).test(name))).toEqual([area]);
  });

  it.each([...new Set(MUTANTS.map(areaOf))])(
    'finds nothing in the same seeds of the right engine: $name',
    async (scenario) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        expect(
          await runFault(seed, scenario, (options) => new SyncEngine(options, defaultParts)),
        ).toBeUndefined();
      }
    },
    600_000,
  );
});
