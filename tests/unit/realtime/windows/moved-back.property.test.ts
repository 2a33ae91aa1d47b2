import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { Observable as Observed } from 'rxjs';
import type { CommittedOperation, RecordCommit } from '../../../../src/protocol/requests/operation.js';
import type { LocalRecords } from '../../../../src/protocol/values/record-access.js';
import type { LiveOptions } from '../../../../src/realtime/index.js';
import { live } from '../../../../src/realtime/index.js';
import { compileQuery } from '../../../../src/query/index.js';
import type { WriteOperation } from '../../../../src/store/index.js';
import { ChangeHub, createMemoryStorage, Store, StoreIndexes } from '../../../../src/store/index.js';
import { Mirror } from '../../../../src/sync/mirror/mirror.js';
import { MirrorReads } from '../../../../src/sync/mirror/mirror-reads.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';
import { defaultParts } from '../../../../src/sync/parts.js';
import { FakeTransport } from '../support/fake-transport.js';
import type { Note } from '../support/notes.js';
import { contextOver } from '../support/notes.js';
import { settled } from '../support/recording-logger.js';

/** A transport over a mirror, and the store that it follows. */
class Following extends FakeTransport {
  readonly #hub = new ChangeHub((error) => {
    throw error;
  });
  readonly #storage = createMemoryStorage();
  readonly #reads: MirrorReads;
  readonly #mirror: Mirror;
  #server = new Store({ storage: createMemoryStorage() });

  constructor() {
    super();
    const [hub, storage] = [this.#hub, this.#storage];
    const indexes = new StoreIndexes(storage);
    const scope = new PrefixScope(undefined);
    this.#reads = new MirrorReads(storage, indexes);
    this.#mirror = new Mirror({ store: 'acme/main', storage, hub, indexes, scope, parts: defaultParts });
  }

  override watchRecords(prefix: string): Observable<readonly RecordCommit[]> {
    return new Observed((subscriber) =>
      this.#hub.watchRecords(prefix, (commits) => {
        subscriber.next(commits);
      }),
    );
  }

  localRecords(prefix: string): LocalRecords {
    return this.#reads.records(prefix);
  }

  write(operations: readonly WriteOperation[]): Promise<unknown> {
    return this.#server.writeBatch({ operations: [...operations] });
  }

  async catchUp(bySnapshot: boolean): Promise<void> {
    const { storeSeq } = this.#server.status();
    if (bySnapshot) {
      await this.#mirror.replace(this.#server.list({ pattern: '**' }).items, storeSeq, true);
    } else {
      const lacking = this.#server.log({ after: this.#mirror.storeSeq }).operations;
      await this.#mirror.apply(commitsOf(lacking), storeSeq);
    }
  }

  /** The store is put back from a copy that lacks what was written last, and may have been written to again. */
  async moveBack(kept: number, again: readonly WriteOperation[]): Promise<void> {
    const before = this.#server;
    const { operations } = before.log({ limit: 1000 });
    this.#server = new Store({ storage: createMemoryStorage() });
    for (const { op, path, value } of operations.slice(0, kept)) {
      await this.#server.write(op === 'delete' ? { op, path } : { op: 'set', path, value });
    }
    for (const operation of again) await this.#server.writeBatch({ operations: [operation] });
    await before.close();
    await this.#mirror.forget();
    this.#reads.beginEra();
    await this.#mirror.replace(
      this.#server.list({ pattern: '**' }).items,
      this.#server.status().storeSeq,
      false,
    );
  }

  override close = async (): Promise<void> => {
    await this.#server.close();
    await this.#storage.close();
  };
}

function commitsOf(lacking: readonly CommittedOperation[]): { operation: CommittedOperation }[][] {
  const commits = new Map<number, { operation: CommittedOperation }[]>();
  for (const operation of lacking) {
    const first = operation.commit?.first ?? operation.storeSeq;
    commits.set(first, [...(commits.get(first) ?? []), { operation }]);
  }
  return [...commits.values()];
}

const slug = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const written: fc.Arbitrary<WriteOperation> = fc.oneof(
  fc.tuple(slug, fc.nat(3)).map(([s, rank]) => ({
    op: 'set' as const,
    path: `notes/${s}`,
    value: { title: s, rank },
  })),
  slug.map((s) => ({ op: 'delete' as const, path: `notes/${s}` })),
  // Nobody is told of what lies elsewhere, but it has a seq.
  fc.constant({ op: 'set' as const, path: 'elsewhere', value: 1 }),
);
const several = fc.array(written, { minLength: 1, maxLength: 4 });

type Step = (store: Following) => Promise<unknown>;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: several.map(
      (all): Step =>
        (store) =>
          store.write(all),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.boolean().map(
      (bySnapshot): Step =>
        (store) =>
          store.catchUp(bySnapshot),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(12), fc.array(written, { maxLength: 3 })).map(
      ([kept, again]): Step =>
        (store) =>
          store.moveBack(kept, again),
    ),
  },
);

const options: fc.Arbitrary<LiveOptions<Note>> = fc.record(
  {
    where: fc.constantFrom<NonNullable<LiveOptions<Note>['where']>>([{ rank: 1 }, { title: 'b' }], {
      rank: 1,
    }),
    order: fc.constantFrom<NonNullable<LiveOptions<Note>['order']>>({ slug: 'ASC' }, { slug: 'DESC' }),
    take: fc.integer({ min: 1, max: 3 }),
    skip: fc.nat(1),
  },
  { requiredKeys: ['take', 'order'] },
);

it('a window is right after the store was put back from a copy, whatever its seqs say', async () => {
  await fc.assert(
    fc.asyncProperty(several, options, fc.array(step, { maxLength: 12 }), async (first, query, steps) => {
      const store = new Following();
      const context = contextOver(store);
      const fresh = () => context.reader.find(compileQuery(context.metadata, query));
      try {
        await store.write(first);
        await store.catchUp(false);
        const lists: Note[][] = [];
        const subscription = live(context, query).subscribe((list) => lists.push(list));
        await settled();
        for (const take of steps) {
          await take(store);
          expect(lists.at(-1)).toEqual(await fresh());
        }
        subscription.unsubscribe();
      } finally {
        await store.close();
      }
    }),
    { numRuns: 300 },
  );
});

it('a window is right after the store lost what nobody was told of', async () => {
  const store = new Following();
  const note = (s: string) => ({ op: 'set', path: `notes/${s}`, value: { title: s } }) as const;
  try {
    await store.write([note('b'), note('c'), { op: 'set', path: 'elsewhere', value: 1 }]);
    await store.catchUp(false);
    const shown: string[] = [];
    const subscription = live(contextOver(store), { take: 2 }).subscribe((list) =>
      shown.push(list.map((each) => each.slug).join('')),
    );
    await settled();
    await store.moveBack(2, []);
    // Its seq is that of the write that was lost.
    await store.write([note('a')]);
    await store.catchUp(false);
    subscription.unsubscribe();
    expect(shown).toEqual(['bc', 'ab']);
  } finally {
    await store.close();
  }
});
