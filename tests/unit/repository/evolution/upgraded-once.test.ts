import { DataSource, DeletedAtField, DustEntity, Field, silentLogger, Slug } from '../../../../src/index.js';

let upgrades = 0;

@DustEntity({
  prefix: 'notes',
  version: 2,
  upgrade: {
    2: ({ old, ...rest }) => {
      upgrades++;
      return { ...rest, text: old };
    },
  },
})
class Note {
  @Slug() id!: string;
  @Field('string') text?: string;
  @Field('string') more?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

it('a compare-and-swap of an older record upgrades it once', async () => {
  const source = await new DataSource({ entities: [Note], logger: silentLogger }).initialize();
  const notes = source.getRepository(Note);
  const { storeSeq } = await source.transport.set('notes/a', { old: 'A' });
  upgrades = 0;
  await notes.update('a', { more: 'B' }, { ifMatch: storeSeq });
  expect(upgrades).toBe(1);
  expect(await notes.findOneBy({ id: 'a' })).toMatchObject({ text: 'A', more: 'B' });
  await source.destroy();
});

it('a soft delete of an older record brings it up to date', async () => {
  const source = await new DataSource({ entities: [Note], logger: silentLogger }).initialize();
  const notes = source.getRepository(Note);
  await source.transport.set('notes/a', { old: 'A' });
  expect(await notes.softDelete('a')).toMatchObject({ affected: 1 });
  const { value } = (await source.transport.get('notes/a'))!;
  expect(value).toMatchObject({ text: 'A', deletedAt: expect.any(String) });
  expect(value).not.toHaveProperty('old');
  await source.destroy();
});

@DustEntity({
  prefix: 'maps',
  mode: 'map',
  version: 2,
  upgrade: {
    2: ({ old, ...rest }) => {
      upgrades++;
      return { ...rest, text: old };
    },
  },
})
class Whole {
  @Slug() id!: string;
  @Field('string') text?: string;
  @Field('string') more?: string;
}

it('an update of an older map writes it in its new form, of which reads have nothing to upgrade', async () => {
  const source = await new DataSource({ entities: [Whole], logger: silentLogger }).initialize();
  const maps = source.getRepository(Whole);
  await source.transport.set('maps/a', { old: 'A' });
  await maps.update('a', { more: 'B' });
  upgrades = 0;
  expect(await maps.findOneBy({ id: 'a' })).toEqual({ id: 'a', text: 'A', more: 'B' });
  expect(upgrades).toBe(0);
  await source.destroy();
});
