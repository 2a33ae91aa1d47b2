import { DeletedAtField, DustEntity, Field, Slug, UpdatedAtField } from '../../../../src/index.js';
import { methods, useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string', { required: true }) text!: string;
  @UpdatedAtField() changedAt?: Date;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity({ prefix: 'maps', mode: 'map' })
class Whole {
  @Slug() id!: string;
  @Field('string', { required: true }) text!: string;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity('loose')
class Loose {
  @Slug() id!: string;
  @Field('string') text?: string;
  @Field('string') title?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

const connect = useDataSources();
const WITHOUT_BATCHES = { atomicBatch: false, batchCheck: false, batchIfAbsent: false };

describe('soft deletes where there are no batches', () => {
  it('of several at once one counts, and one restores', async () => {
    const { manager } = await connect([Note], WITHOUT_BATCHES);
    await manager.insert(Note, { id: 'a', text: 'A' });
    const counted = async (calls: readonly Promise<{ readonly affected: number }>[]): Promise<number[]> =>
      (await Promise.all(calls)).map(({ affected }) => affected).sort();
    const [del, back] = [() => manager.softDelete(Note, 'a'), () => manager.restore(Note, 'a')];
    expect(await counted([del(), del(), del()])).toEqual([0, 0, 1]);
    expect(await counted([back(), back()])).toEqual([0, 1]);
    expect(await counted([del(), del()])).toEqual([0, 1]);
  });

  it('the time is written first, under its condition', async () => {
    const { manager, control } = await connect([Note], WITHOUT_BATCHES);
    await manager.insert(Note, { id: 'a', text: 'A' });
    control.writes.length = 0;
    await manager.softDelete(Note, 'a');
    expect(methods(control)).toEqual(['set', 'set']);
    expect(control.writes[0]).toMatchObject([
      'set',
      'notes/a/deletedAt',
      expect.any(String),
      { ifAbsent: true },
    ]);
    control.writes.length = 0;
    await manager.restore(Note, 'a');
    expect(control.writes[0]).toMatchObject([
      'set',
      'notes/a/deletedAt',
      null,
      { ifMatch: expect.any(Number) },
    ]);
  });

  it('a record that is a map is written whole', async () => {
    const { manager, control } = await connect([Whole], WITHOUT_BATCHES);
    await manager.insert(Whole, { id: 'a', text: 'A' });
    control.writes.length = 0;
    await manager.softDelete(Whole, 'a');
    expect(control.writes).toMatchObject([
      ['set', 'maps/a', { text: 'A', deletedAt: expect.any(String) }, {}],
    ]);
    expect(await manager.findOne(Whole, { where: { id: 'a' }, withDeleted: true })).toMatchObject({
      text: 'A',
    });
    expect(await manager.count(Whole)).toBe(0);
  });
});

it('where a store cannot compare records, one field is written again as it stands', async () => {
  const { manager, control } = await connect([Note], { batchCheck: false, batchMerge: false });
  await manager.insert(Note, { id: 'a', text: 'A' });
  control.writes.length = 0;
  await manager.softDelete(Note, 'a');
  await manager.restore(Note, 'a');
  const paths = control.writes.map(([, operations]) =>
    (operations as { path: string; ifMatch?: number }[]).map(({ path, ifMatch }) => [
      path,
      ifMatch !== undefined,
    ]),
  );
  expect(paths).toEqual([
    [
      ['notes/a/text', true],
      ['notes/a/changedAt', false],
      ['notes/a/deletedAt', false],
    ],
    [
      ['notes/a/changedAt', false],
      ['notes/a/deletedAt', true],
    ],
  ]);
});

describe('where a store cannot compare records, what is written again as it stands', () => {
  /** The paths of the only batch of a soft delete, those apart that are written under a condition. */
  const softDeleted = async (
    entity: typeof Note | typeof Loose,
    leaves: Readonly<Record<string, unknown>>,
  ) => {
    const { manager, control, inner } = await connect([Note, Loose], {
      batchCheck: false,
      batchMerge: false,
    });
    const prefix = entity === Note ? 'notes' : 'loose';
    for (const [path, value] of Object.entries(leaves)) {
      await inner.set(`${prefix}/a/${path}`, value as string);
    }
    control.writes.length = 0;
    expect(await manager.softDelete<Note | Loose>(entity, 'a')).toMatchObject({ affected: 1 });
    const [[, operations] = []] = control.writes;
    const sets = operations as { readonly path: string; readonly ifMatch?: number }[];
    const ofCondition = (isOne: boolean): string[] =>
      sets
        .filter(({ ifMatch }) => (ifMatch !== undefined) === isOne)
        .map(({ path }) => path.slice(prefix.length + 3));
    return { conditional: ofCondition(true), others: ofCondition(false) };
  };

  it('is any field, of a class without one that stands for the record', async () => {
    expect(await softDeleted(Loose, { title: 'T', text: 'x' })).toEqual({
      conditional: ['text'],
      others: ['deletedAt'],
    });
  });

  it('is none that has something below it, which would be lost', async () => {
    const { conditional, others } = await softDeleted(Loose, { text: 'x', 'text/odd': 1, title: 'T' });
    expect([conditional, others]).toEqual([['text/odd'], ['deletedAt']]);
    const ofNote = await softDeleted(Note, { text: 'x', 'text/odd': 1 });
    expect(ofNote).toEqual({ conditional: ['text/odd'], others: ['changedAt', 'deletedAt'] });
  });

  it('is the time of deletion where there is one, unless something is below it', async () => {
    expect(await softDeleted(Note, { text: 'x', deletedAt: null })).toEqual({
      conditional: ['deletedAt'],
      others: ['changedAt'],
    });
    const { conditional } = await softDeleted(Note, { text: 'x', deletedAt: null, 'deletedAt/odd': 1 });
    expect(conditional).toEqual(['text']);
  });
});
