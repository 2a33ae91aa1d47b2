import { DataSource } from '../../../../src/data-source/index.js';
import {
  DeletedAtField,
  DustEntity,
  Field,
  SetField,
  Slug,
  UpdatedAtField,
  VersionField,
} from '../../../../src/decorators/index.js';
import { silentLogger } from '../../../../src/logging.js';
import type { StorageMode } from '../../../../src/metadata/types.js';
import { TestClock } from '../../../../src/testing/index.js';

class Stamped {
  @Field('string') text?: string | null;
  @UpdatedAtField() changedAt?: Date;
}

function defineDoc(mode: StorageMode) {
  @DustEntity({
    prefix: 'docs',
    mode,
    version: 2,
    upgrade: { 2: ({ old, ...rest }) => ({ ...rest, title: old ?? 'none' }) },
  })
  class Doc {
    @Slug() id!: string;
    @Field('string', { required: true }) title!: string;
    @Field('string') note?: string | null;
    @Field(() => Stamped) part?: Stamped;
    @VersionField() version?: number;
    @DeletedAtField() deletedAt?: Date | null;
  }
  return Doc;
}

@DustEntity('plain')
class Plain {
  @Slug() id!: string;
  @Field('string') text?: string;
  @SetField('string') tags!: string[];
  @DeletedAtField() deletedAt?: Date | null;
}

describe.each(['flat', 'map'] as const)('soft deletes in %s mode', (mode) => {
  const Doc = defineDoc(mode);
  let clock: TestClock;
  let dataSource: DataSource;

  beforeEach(async () => {
    clock = new TestClock();
    dataSource = new DataSource({ entities: [Doc, Plain], clock, logger: silentLogger });
    await dataSource.initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
  });

  it('bring a record of an older form to the present one, and leave the entity as loaded', async () => {
    const docs = dataSource.getRepository(Doc);
    await dataSource.transport.set('docs/a', { old: 'first', note: 'n' });
    const doc = await docs.findOneByOrFail({ id: 'a' });
    expect(doc.title).toBe('first');
    await docs.softRemove(doc);
    expect(await docs.findOne({ where: { id: 'a' }, withDeleted: true })).toEqual(doc);
    doc.note = 'changed';
    await docs.save(doc);
    expect(doc.part).toBeUndefined();
    await docs.recover(doc);
    const read = await docs.findOneByOrFail({ id: 'a' });
    expect(read).toEqual(doc);
    expect(read).toMatchObject({ title: 'first', note: 'changed', deletedAt: null });
  });

  it('move the time of a change in a nested object', async () => {
    const docs = dataSource.getRepository(Doc);
    const doc = await docs.save({ id: 'b', title: 'B', part: Object.assign(new Stamped(), { text: 'x' }) });
    await clock.advance(1000);
    await docs.softDelete('b');
    const read = await docs.findOne({ where: { id: 'b' }, withDeleted: true });
    expect(read?.part?.changedAt).toEqual(new Date(clock.now()));
    await expect(docs.softRemove(doc)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('of an entity that was loaded in part tell it of the time, and of nothing else', async () => {
    const plain = dataSource.getRepository(Plain);
    await plain.insert({ id: 'p', text: 'P' });
    const [part] = (await plain.find({ select: ['id'] })) as Plain[];
    await plain.softRemove(part!);
    expect(part).toEqual({ id: 'p', deletedAt: new Date(clock.now()) });
    await plain.save(Object.assign(part!, { text: 'new' }));
    expect(await plain.findOne({ where: { id: 'p' }, withDeleted: true })).toMatchObject({
      text: 'new',
      deletedAt: new Date(clock.now()),
    });
    await plain.addTo('p', 'tags', 't');
    await plain.recover(part!);
    expect(await plain.findOneByOrFail({ id: 'p' })).toMatchObject({ text: 'new', tags: ['t'] });
  });

  it('say by a frozen entity what was written, and do not fail', async () => {
    const plain = dataSource.getRepository(Plain);
    await plain.insert({ id: 'p', text: 'P' });
    await plain.softRemove(Object.freeze(await plain.findOneByOrFail({ id: 'p' })));
    expect(await plain.count()).toBe(0);
  });

  it('come to the entity that was given, or to another list of those that were', async () => {
    const plain = dataSource.getRepository(Plain);
    const given = await plain.save(['p', 'q'].map((id) => ({ id, text: id })));
    for (const method of ['softRemove', 'recover'] as const) {
      const [one] = given;
      expect(await plain[method](one!)).toBe(one);
      expect(await plain[method]([])).toEqual([]);
      const several = await plain[method](given);
      expect([several === given, several.every((each, i) => each === given[i])]).toEqual([false, true]);
      expect(several).toHaveLength(2);
    }
    expect(await plain.count()).toBe(2);
  });
});
