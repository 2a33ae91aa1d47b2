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
    expect(methods(control)).toEqual(['set']);
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
