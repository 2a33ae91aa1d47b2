import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import {
  ChangeHub,
  IndexUses,
  Store,
  StoreIndexes,
  createMemoryStorage,
} from '../../../../src/store/index.js';
import type { StoreStorage, WriteOperation } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { Mirror } from '../../../../src/sync/mirror/mirror.js';
import { MirrorReads } from '../../../../src/sync/mirror/mirror-reads.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';
import { defaultParts } from '../../../../src/sync/parts.js';
import { DEFINITIONS, operations } from '../../store/indexes/model/actions.js';
import { checkIndexes } from '../../store/indexes/model/check-indexes.js';

type Step =
  | { readonly do: 'write'; readonly operations: readonly WriteOperation[] }
  /** The mirror takes in what it lacks, operation by operation or by a snapshot. */
  | { readonly do: 'catchUp' | 'snapshot' }
  /** The store is begun anew, and the mirror with it. */
  | { readonly do: 'moveBack' }
  | { readonly do: 'use'; readonly count: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: operations.map((written) => ({ do: 'write' as const, operations: written })) },
  { weight: 4, arbitrary: fc.constant({ do: 'catchUp' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'snapshot' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'moveBack' as const }) },
  { weight: 2, arbitrary: fc.nat(5).map((count) => ({ do: 'use' as const, count })) },
);

/** A mirror with indexes, and the store that it follows. */
class Followed {
  readonly #mirror: Mirror;
  readonly #reads: MirrorReads;
  readonly #uses: IndexUses;
  readonly #storage: StoreStorage;
  #server = new Store({ storage: createMemoryStorage() });
  #use: { release(): void } | undefined;

  constructor(storage: StoreStorage, prefixes: readonly string[] | undefined) {
    const indexes = new StoreIndexes(storage);
    const hub = new ChangeHub(() => undefined);
    const scope = new PrefixScope(prefixes);
    this.#storage = storage;
    this.#reads = new MirrorReads(storage, indexes);
    this.#uses = new IndexUses(indexes, false);
    this.#mirror = new Mirror({ store: 'acme/main', storage, hub, indexes, scope, parts: defaultParts });
  }

  async take(next: Step): Promise<void> {
    switch (next.do) {
      case 'write':
        // What the store refuses is no operation.
        await this.#server.writeBatch({ operations: [...next.operations] }).catch(() => undefined);
        return;
      case 'catchUp': {
        const lacking = this.#server.log({ after: this.#mirror.storeSeq }).operations;
        await this.#mirror.apply(commitsOf(lacking), this.#server.status().storeSeq);
        return;
      }
      case 'snapshot':
        return this.#replace(true);
      case 'moveBack':
        await this.#mirror.forget();
        await this.#server.close();
        this.#server = new Store({ storage: createMemoryStorage() });
        await this.#server.write({ op: 'set', path: 'p/a/s', value: 'anew' });
        return this.#replace(false);
      case 'use': {
        this.#use?.release();
        const wanted = DEFINITIONS.filter(({ prefix }) => prefix === 'p').slice(0, next.count);
        this.#use = await this.#uses.use(
          'p',
          wanted.map((definition) => ({ ...definition, unique: true })),
        );
      }
    }
  }

  check(): void {
    checkIndexes(this.#storage, (prefix) => this.#reads.records(prefix));
  }

  async close(): Promise<void> {
    await this.#uses.close();
    await this.#server.close();
    await this.#storage.close();
  }

  async #replace(areRevisionsBounds: boolean): Promise<void> {
    const { items } = this.#server.list({ pattern: '**' });
    await this.#mirror.replace(items, this.#server.status().storeSeq, areRevisionsBounds);
  }
}

function commitsOf(lacking: readonly CommittedOperation[]): { operation: CommittedOperation }[][] {
  const commits = new Map<number, { operation: CommittedOperation }[]>();
  for (const operation of lacking) {
    const first = operation.commit?.first ?? operation.storeSeq;
    commits.set(first, [...(commits.get(first) ?? []), { operation }]);
  }
  return [...commits.values()];
}

async function follow(mirror: Followed, steps: readonly Step[]): Promise<void> {
  try {
    await mirror.take({ do: 'use', count: 5 });
    for (const next of steps) {
      await mirror.take(next);
      mirror.check();
    }
  } finally {
    await mirror.close();
  }
}

const anySteps = fc.array(step, { minLength: 1, maxLength: 25, size: 'max' });

describe('the indexes of a mirror', () => {
  it('are those that its leaves give, through catch-ups, snapshots and stores begun anew', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, fc.constantFrom(undefined, ['p'], ['p', 'q/r']), async (steps, prefixes) => {
        await follow(new Followed(createMemoryStorage(), prefixes), steps);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('are those on LMDB, too', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const path = mkdtempSync(join(tmpdir(), 'dust-orm-test-'));
        try {
          await follow(new Followed(await openLmdbStorage({ path }), ['p']), steps);
        } finally {
          rmSync(path, { recursive: true, force: true });
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
