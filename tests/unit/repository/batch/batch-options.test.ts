import type { EntitySubscriberInterface, WriteBatch } from '../../../../src/index.js';
import { DeletedAtField, DustEntity, Field, Slug } from '../../../../src/index.js';
import { link, Link, useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text?: string | null;
  @DeletedAtField() deletedAt?: Date | null;
}

const connect = useDataSources();

/** Notes with one of each kind, and what a subscriber has been told since. */
async function listening() {
  const told: string[] = [];
  const names = ['Insert', 'Update', 'Remove', 'SoftRemove', 'Recover'];
  const note = (name: string) => (): void => void told.push(name);
  const subscriber: EntitySubscriberInterface = Object.fromEntries(
    names.flatMap((name) => [`before${name}`, `after${name}`].map((each) => [each, note(each)])),
  );
  const { manager, control } = await connect([Note, Link], {}, { subscribers: [subscriber] });
  await manager.insert(
    Note,
    ['saved', 'removed', 'there', 'gone'].map((id) => ({ id, text: id })),
  );
  await manager.softDelete(Note, 'gone');
  const all = await manager.find(Note, { withDeleted: true });
  const noted = (id: string) => all.find((each) => each.id === id)!;
  told.length = 0;
  control.writes.length = 0;
  return { manager, control, told, note: noted };
}

type Part = (b: WriteBatch, note: (id: string) => Note, options: { listeners?: boolean }) => unknown;

const PARTS: readonly [string, Part][] = [
  ['Insert', (b, _, options) => b.insert(Note, { id: 'new', text: 'N' }, options)],
  ['Update', (b, note, options) => b.save(Object.assign(note('saved'), { text: 'S' }), options)],
  ['Remove', (b, note, options) => b.remove(note('removed'), options)],
  ['SoftRemove', (b, note, options) => b.softRemove(note('there'), options)],
  ['Recover', (b, note, options) => b.recover(note('gone'), options)],
];

describe('the options of the parts of a batch', () => {
  it.each(PARTS)('say whether anybody is told of it: %s', async (name, part) => {
    const { manager, control, told, note } = await listening();
    await manager.batch((b) => part(b, note, { listeners: false }));
    expect(told).toEqual([]);
    expect(control.writes).toHaveLength(1);
    const other = await listening();
    await other.manager.batch((b) => part(b, other.note, {}));
    expect(other.told).toEqual([`before${name}`, `after${name}`]);
  });

  it.each(PARTS)('are refused where the part is added, which is then none: %s', async (_, part) => {
    const { manager, control, told, note } = await listening();
    await manager.batch((b) => {
      for (const odd of [{ listeners: 'no' }, { nobody: true }, null]) {
        expect(() => part(b, note, odd as object)).toThrow(
          expect.objectContaining({ kind: 'invalid_options' }),
        );
      }
      b.insert(Link, link('a'), { listeners: false });
    });
    expect(told).toEqual([]);
    expect(control.writes.map(([, operations]) => operations)).toEqual([
      [expect.objectContaining({ path: 'reading/links/a' })],
    ]);
  });
});

describe('a batch', () => {
  it('is called off by its signal, which goes with what is sent', async () => {
    const { manager, control } = await listening();
    const { signal } = new AbortController();
    await manager.batch((b) => b.delete(Note, 'there'), { signal });
    expect(control.writes.map(([, , options]) => options)).toEqual([{ signal }]);
    const off = manager.batch((b) => b.delete(Note, 'saved'), { signal: AbortSignal.abort() });
    await expect(off).rejects.toMatchObject({ kind: 'aborted' });
    const odd = manager.batch((b) => b.delete(Note, 'saved'), { ifMatch: 1 } as object);
    await expect(odd).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining('batch'),
    });
    expect(control.writes).toHaveLength(1);
  });

  it('comes to what its callback does, unless that is nothing or the batch', async () => {
    const { manager } = await listening();
    const result = { storeSeq: expect.any(Number), operations: 1 };
    for (const value of [null, 0, '', 'mine']) {
      let batch: WriteBatch | undefined;
      const outcome = await manager.batch((b) => {
        batch = b.update(Note, 'there', { text: 'T' });
        return value;
      });
      expect(outcome).toBe(value);
      expect(batch?.result).toEqual(result);
    }
    expect(await manager.batch(async (b) => Promise.resolve(b.delete(Note, 'there')))).toEqual(result);
    expect(await manager.batch((b) => void b.delete(Note, 'there'))).toEqual(result);
  });

  it('fails where a counter or a set is to be changed of a record that is not there', async () => {
    const { manager, control } = await listening();
    const parts: ((b: WriteBatch) => unknown)[] = [
      (b) => b.increment(Link, 'none', 'views', 1),
      (b) => b.removeFrom(Link, 'none', 'tags', 'x'),
    ];
    for (const part of parts) {
      const failing = manager.batch((b) => part(b.delete(Note, 'there')));
      await expect(failing).rejects.toMatchObject({ kind: 'not_found', opIndex: 1 });
    }
    expect(control.writes).toEqual([]);
  });

  it('saves what has no slug yet under the one that is made for it, which later parts know', async () => {
    @DustEntity('made')
    class Made {
      @Slug({ generated: () => 'same' }) slug!: string;
      @Field() text?: string;
    }
    const { manager } = await connect([Made]);
    const made = manager.create(Made, { text: 'one' });
    await manager.batch((b) => b.save(made).update(Made, 'same', { text: 'two' }));
    expect(made.slug).toBe('same');
    expect(await manager.find(Made)).toMatchObject([{ slug: 'same', text: 'two' }]);
    const late = manager.batch((b) =>
      b.save(manager.create(Made, { text: 'three' })).update(Made, 'same', { text: 'four' }, { ifMatch: 2 }),
    );
    await expect(late).rejects.toMatchObject({ detail: 'earlier_in_batch', opIndex: 1 });
  });

  it('writes a new entity whole behind a deletion of its record, with what an insert fills in', async () => {
    @DustEntity('told')
    class Told {
      @Slug() slug!: string;
      @Field({ required: true }) text!: string;
      @Field({ default: 'none' }) note?: string;
    }
    const { manager } = await connect([Told]);
    await manager.insert(Told, { slug: 'a', text: 'one', note: 'old' });
    await manager.batch((b) => b.delete(Told, 'a').save(manager.create(Told, { slug: 'a', text: 'two' })));
    expect(await manager.find(Told)).toMatchObject([{ slug: 'a', text: 'two', note: 'none' }]);
    const partial = manager.batch((b) => b.delete(Told, 'a').save(manager.create(Told, { slug: 'a' })));
    await expect(partial).rejects.toMatchObject({ kind: 'validation', opIndex: 1 });
    expect(await manager.find(Told)).toMatchObject([{ text: 'two' }]);
  });
});
