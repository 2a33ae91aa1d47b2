import type { EntityManager } from '../../../../src/index.js';
import { AfterUpdate, DustEntity, Field, Slug } from '../../../../src/index.js';
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

/** Unchanged entities of records that an older class wrote; that of the first is deleted when its upgrade is about to be sent. */
async function open(capabilities = {}) {
  const { manager, control, inner } = await connect([Note], capabilities);
  for (const slug of ['a', 'b']) await inner.set(`notes/${slug}`, { old: slug });
  const gone = await manager.findOneByOrFail(Note, { id: 'a' });
  const there = await manager.findOneByOrFail(Note, { id: 'b' });
  let hasLooked = false;
  control.before = async (method, [at]) => {
    if (method !== 'subtree' || at !== 'notes/a') return;
    if (hasLooked) control.before = () => undefined;
    if (hasLooked) await inner.delete('notes/a');
    hasLooked = true;
  };
  control.writes.length = 0;
  updated = 0;
  return { manager, inner, control, gone, there };
}

const revisionOf = (manager: EntityManager, note: Note) => manager.getRepository(Note).revisionOf(note);

describe('an upgrade of a record that is gone when it is sent writes nothing', () => {
  it.each([{}, { atomicBatch: false }])('by itself (%j)', async (capabilities) => {
    const { manager, inner, gone } = await open(capabilities);
    const before = revisionOf(manager, gone);
    await manager.save(gone);
    expect([revisionOf(manager, gone), updated]).toEqual([before, 0]);
    expect(await inner.exists('notes/a')).toBe(false);
  });

  it('in a batch', async () => {
    const { manager, gone } = await open();
    const before = revisionOf(manager, gone);
    expect(await manager.batch((b) => b.save(gone))).toEqual({ storeSeq: null, operations: 0 });
    expect([revisionOf(manager, gone), updated]).toEqual([before, 0]);
  });

  it('in a batch with others, which are written', async () => {
    const { manager, inner, gone, there } = await open();
    const before = revisionOf(manager, gone);
    await manager.save([there, gone]);
    expect([revisionOf(manager, gone), updated]).toEqual([before, 1]);
    expect((await inner.get('notes/b'))?.value).toEqual({ text: 'b' });
    expect(await inner.exists('notes/a')).toBe(false);
  });
});
