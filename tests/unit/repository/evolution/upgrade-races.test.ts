import type { EntityManager, Transport } from '../../../../src/index.js';
import { AfterUpdate, CounterField, DustEntity, Field, Slug } from '../../../../src/index.js';
import { useDataSources } from '../support.js';

let updated = 0;

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string', { from: ['old'] }) text?: string;
  @Field('string') more?: string;

  @AfterUpdate()
  count(): void {
    updated++;
  }
}

const connect = useDataSources();

/** Unchanged entities of records that an older class wrote, and what somebody else does to the first one when its upgrade is about to be sent. */
async function open(interfere: (inner: Transport) => Promise<unknown>, capabilities = {}) {
  const { manager, control, inner } = await connect([Note], capabilities);
  for (const slug of ['a', 'b']) await inner.set(`notes/${slug}`, { old: slug });
  const gone = await manager.findOneByOrFail(Note, { id: 'a' });
  const there = await manager.findOneByOrFail(Note, { id: 'b' });
  let hasLooked = false;
  control.before = async (method, [at]) => {
    if (method !== 'subtree' || at !== 'notes/a') return;
    if (hasLooked) {
      control.before = () => undefined;
      await interfere(inner);
    }
    hasLooked = true;
  };
  updated = 0;
  return { manager, inner, gone, there };
}

const remove = (inner: Transport) => inner.delete('notes/a');
const BATCHES = [{}, { atomicBatch: false }];

const revisionOf = (manager: EntityManager, note: Note) => manager.getRepository(Note).revisionOf(note);

describe('an upgrade of a record that is gone when it is sent writes nothing', () => {
  it.each(BATCHES)('by itself (%j)', async (capabilities) => {
    const { manager, inner, gone } = await open(remove, capabilities);
    const before = revisionOf(manager, gone);
    await manager.save(gone);
    expect([revisionOf(manager, gone), updated]).toEqual([before, 0]);
    expect(await inner.exists('notes/a')).toBe(false);
  });

  it('in a batch', async () => {
    const { manager, gone } = await open(remove);
    const before = revisionOf(manager, gone);
    expect(await manager.batch((b) => b.save(gone))).toEqual({ storeSeq: null, operations: 0 });
    expect([revisionOf(manager, gone), updated]).toEqual([before, 0]);
  });

  it('in a batch with others, which are written', async () => {
    const { manager, inner, gone, there } = await open(remove);
    const before = revisionOf(manager, gone);
    await manager.save([there, gone]);
    expect([revisionOf(manager, gone), updated]).toEqual([before, 1]);
    expect((await inner.get('notes/b'))?.value).toEqual({ text: 'b' });
    expect(await inner.exists('notes/a')).toBe(false);
  });
});

it.each(BATCHES)(
  'an upgrade that somebody else was faster with is known to have been made (%j)',
  async (capabilities) => {
    const upgrade = (inner: Transport) => inner.set('notes/a', { text: 'theirs' });
    const { manager, inner, gone: loaded } = await open(upgrade, capabilities);
    await manager.save(loaded);
    const stored = await inner.get('notes/a');
    expect(stored?.value).toEqual({ text: 'theirs' });
    expect([revisionOf(manager, loaded), updated]).toEqual([stored?.revision, 1]);
  },
);

it('an upgrade that was made already takes nothing away where it is told its revision', async () => {
  const upgrade = (inner: Transport) =>
    inner.batchWrite([
      { op: 'delete', path: 'notes/a' },
      { op: 'set', path: 'notes/a/foreign', value: 1 },
      { op: 'set', path: 'notes/a/foreign/below', value: 2 },
      { op: 'set', path: 'notes/a/text', value: 'theirs' },
    ]);
  const { manager, inner, gone: loaded } = await open(upgrade);
  await manager.save(loaded);
  const leaves = await inner.subtree('notes/a');
  expect(leaves.map(({ path, value }) => [path, value])).toEqual([
    ['notes/a/foreign', 1],
    ['notes/a/foreign/below', 2],
    ['notes/a/text', 'theirs'],
  ]);
  expect(revisionOf(manager, loaded)).toBe(leaves.at(-1)?.revision);
});

it('of a record that is up to date nothing is written but the change', async () => {
  const { manager, inner } = await open(remove);
  await inner.set('notes/c', { text: 'c', more: 'm' });
  const before = await inner.get('notes/c/more');
  expect(await manager.update(Note, 'c', { text: 'd' })).toMatchObject({ affected: 1 });
  await manager.batch((b) => b.update(Note, 'c', { text: 'e' }));
  expect(await inner.get('notes/c/more')).toEqual(before);
});

describe('a counter that was renamed goes on where it was', () => {
  @DustEntity('pages')
  class Page {
    @Slug() id!: string;
    @CounterField({ from: ['hits'] }) views!: number;
    @Field('string') title?: string;
  }
  const opened = async (capabilities = {}) => {
    const { manager, inner } = await connect([Page], capabilities);
    await inner.set('pages/a', { hits: 5, title: 'A' });
    return { manager, value: async () => (await inner.get('pages/a'))?.value };
  };

  it.each([...BATCHES, { batchCounters: false }])('by itself (%j)', async (capabilities) => {
    const { manager, value } = await opened(capabilities);
    await manager.increment(Page, 'a', 'views', 2);
    expect(await value()).toEqual({ views: 7, title: 'A' });
  });

  it('in a batch, beside a change of another field', async () => {
    const { manager, value } = await opened();
    await manager.batch((b) => b.increment(Page, 'a', 'views', 2).update(Page, 'a', { title: 'B' }));
    expect(await value()).toEqual({ views: 7, title: 'B' });
  });
});
