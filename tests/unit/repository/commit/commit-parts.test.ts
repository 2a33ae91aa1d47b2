import type { BatchOperation } from '../../../../src/index.js';
import { DeletedAtField, DustEntity, DustError, Field, Slug } from '../../../../src/index.js';
import type { BatchableWrite } from '../../../../src/repository/commit/commit.js';
import { commitBatch } from '../../../../src/repository/commit/commit.js';
import { useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string', { from: ['old'] }) text?: string;
  @Field('string') more?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

const connect = useDataSources();
const CONFLICT = new DustError('conflict', 'others were faster');

/** Notes of an older class, and somebody who is faster with each batch that writes to the one named; the notes of each batch. */
async function outrunning(named: string, times = Infinity) {
  const { manager, control, inner } = await connect([Note]);
  for (const slug of ['a', 'b', 'c']) await inner.set(`notes/${slug}`, { old: slug });
  const batches: string[] = [];
  let conflicts = 0;
  control.before = (method, [operations]) => {
    if (method !== 'batchWrite') return;
    const slugs = new Set((operations as BatchOperation[]).map(({ path }) => path.split('/')[1]));
    batches.push([...slugs].join(''));
    if (slugs.has(named) && ++conflicts <= times) throw CONFLICT;
  };
  return { manager, inner, batches };
}

it('of several soft deletes, one that others are faster with again and again stops at its fiftieth attempt by itself', async () => {
  const { manager, batches } = await outrunning('c');
  await expect(manager.softDelete(Note, ['a', 'b', 'c'])).rejects.toMatchObject({
    name: 'PartialWriteError',
    kind: 'conflict',
    landed: ['a', 'b'],
  });
  expect(batches).toEqual(['abc', 'abc', 'abc', 'ab', ...Array<string>(50).fill('c')]);
});

it('several writes that bring their records up to date stay one batch, however often others are faster', async () => {
  const { manager, inner, batches } = await outrunning('c');
  await expect(manager.update(Note, ['a', 'b', 'c'], { more: 'm' })).rejects.toBe(CONFLICT);
  expect(batches).toEqual(Array<string>(50).fill('abc'));
  expect((await inner.get('notes/a'))?.value).toEqual({ old: 'a' });
});

it('a batch is tried again where one of its writes brings a record up to date, whatever the others are', async () => {
  const { manager, inner, batches } = await outrunning('a', 2);
  await manager.batch((b) => b.update(Note, 'a', { more: 'm' }).delete(Note, 'none'));
  expect(batches).toHaveLength(3);
  expect((await inner.get('notes/a'))?.value).toEqual({ text: 'a', more: 'm' });
});

/** Writes of which two fit a batch: each is a check and four hundred sets once it has looked at its record. */
function partedWrites(batchWrite: (operations: readonly BatchOperation[]) => Promise<unknown>) {
  const transport = { capabilities: { atomicBatch: true, batchCheck: true }, batchWrite };
  const path = 'notes/a';
  const operations = Array.from({ length: 400 }, (_, i) => ({ op: 'set', path: `${path}/f${i}`, value: i }));
  return ['a', 'b', 'c', 'd', 'e'].map((slug) => ({
    transport,
    metadata: {},
    slug,
    path: `notes/${slug}`,
    operations: [],
    settle: () => undefined,
    explain: (error: unknown) => Promise.resolve(error),
    decision: {
      read: (slugs: readonly string[]) =>
        Promise.resolve(new Map(slugs.map((each) => [each, { slug: each, leaves: [], revision: 1 }]))),
      decide: (record: unknown) => ({ record, operations }),
    },
  })) as unknown as BatchableWrite[];
}

it('what is committed in parts is counted together, checks aside', async () => {
  const sent: number[] = [];
  const writes = partedWrites((operations) => {
    sent.push(operations.length);
    return Promise.resolve({ storeSeq: sent.length, operations: [] });
  });
  const { results, operations: count, failure } = await commitBatch(writes, {}, { maySplit: true });
  expect([failure, count]).toEqual([undefined, 2000]);
  expect(sent).toEqual([802, 802, 401]);
  expect(results).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((slug, i) => ({ slug, revision: 1 + Math.floor(i / 2) })),
  );
});

it.each([
  [1, 0, 0],
  [1, 500, 1],
  [2, 0, 2],
  [2, 401, 3],
  [3, 5, 4],
  [3, undefined, 4],
])(
  'what stops the part %s of a batch at its operation %s is of the write %s of all, and what landed before is told',
  async (part, opIndex, index) => {
    let batches = 0;
    const error = new DustError('forbidden', 'no', opIndex === undefined ? {} : { opIndex });
    const writes = partedWrites(() => {
      if (++batches === part) throw error;
      return Promise.resolve({ storeSeq: batches, operations: [] });
    });
    const outcome = await commitBatch(writes, {}, { maySplit: true });
    const landed = 2 * (part - 1);
    expect(outcome.failure?.index).toBe(index);
    expect(outcome.failure?.error).toMatchObject({ kind: 'forbidden' });
    expect(outcome.results.map(({ slug }) => slug)).toEqual(['a', 'b', 'c', 'd'].slice(0, landed));
    expect([outcome.operations, batches]).toEqual([400 * landed, part]);
  },
);
