import { DataSource, DustEntity, DustError, Field, silentLogger, Slug } from '../../../../src/index.js';
import { useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string', { from: ['old'] }) text?: string;
  @Field('string') more?: string;
}

const connect = useDataSources();

/** A store with so many records that an older class wrote. */
async function open(count: number) {
  const source = await new DataSource({ entities: [Note], logger: silentLogger }).initialize();
  const slugs = Array.from({ length: count }, (_, i) => `n${i}`);
  for (let i = 0; i < count; i += 500) {
    const some = slugs.slice(i, i + 500);
    await source.transport.batchWrite(
      some.map((slug) => ({ op: 'set', path: `notes/${slug}/old`, value: slug })),
    );
  }
  return { source, slugs, notes: source.getRepository(Note) };
}

it('a batch is refused that has no room for what brings its records up to date, and says so', async () => {
  const { source, slugs } = await open(300);
  const writing = source.manager.batch((batch) => {
    for (const slug of slugs) batch.update(Note, slug, { more: 'm' });
  });
  // A check, the new field, the old one removed, and the change.
  await expect(writing).rejects.toMatchObject({
    kind: 'invalid_params',
    detail: 'batch_too_large',
    message: expect.stringMatching(
      /^The batch takes 300 operations, and 1200 with those that bring its records up to date/,
    ),
  });
  expect((await source.transport.get('notes/n0'))?.value).toEqual({ old: 'n0' });
  await source.destroy();
});

it('where several commits may be made, it takes as many as it needs', async () => {
  const { source, slugs, notes } = await open(300);
  expect(await notes.update(slugs, { more: 'm' })).toMatchObject({ affected: 300 });
  expect((await source.transport.get('notes/n299'))?.value).toEqual({ text: 'n299', more: 'm' });
  await source.destroy();
});

it('tells the operations that were committed, those of an upgrade among them', async () => {
  const { source } = await open(1);
  const { operations } = await source.manager.batch((batch) => batch.update(Note, 'n0', { more: 'm' }));
  expect(operations).toBe(3);
  await source.destroy();
});

it.each([
  ['that was refused', new DustError('validation', 'no', { opIndex: 6 }), 335, 0],
  ['of which nobody knows the outcome', new DustError('timeout', 'no answer'), 333, 167],
])(
  'insertMany tells which record of the commits that it needs stopped it, by one %s',
  async (_, error, index, unsettled) => {
    const { manager, control, inner } = await connect([Note]);
    const records = Array.from({ length: 600 }, (_, i) => ({ id: `n${i}`, text: `t${i}` }));
    for (const start of [0, 300]) {
      await inner.batchWrite(
        records
          .slice(start, start + 300)
          .map(({ id }) => ({ op: 'set', path: `notes/${id}/old`, value: id })),
      );
    }
    // Three operations for each record: a check, the old field removed, the new one.
    let sent = 0;
    control.before = (method) => {
      if (method === 'batchWrite' && ++sent === 2) throw error;
    };
    const inserting: unknown = await manager.insertMany(Note, records).catch((failed: unknown) => failed);
    const written = (await manager.find(Note)).filter(({ text }) => text?.startsWith('t'));
    expect(inserting).toMatchObject({ index, slug: `n${index}`, landed: 333, unsettled });
    expect(written).toHaveLength(333);
  },
);

it('a batch with too many values is refused in words that fit: of a class without older records they speak of none', async () => {
  @DustEntity('plain')
  class Plain {
    @Slug() id!: string;
    @Field('json') values?: unknown;
  }
  const source = await new DataSource({ entities: [Plain], logger: silentLogger }).initialize();
  const values = Object.fromEntries(Array.from({ length: 50_001 }, (_, i) => [`v${i}`, i]));
  const writing = source.manager.batch((batch) =>
    batch.insert(Plain, [
      { id: 'a', values },
      { id: 'b', values },
    ]),
  );
  await expect(writing).rejects.toMatchObject({
    kind: 'invalid_params',
    message: expect.not.stringContaining('up to date'),
  });
  expect(await source.manager.count(Plain)).toBe(0);
  await source.destroy();
});
