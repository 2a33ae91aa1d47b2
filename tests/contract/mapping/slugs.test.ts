import { firstValueFrom } from 'rxjs';
import { childPath } from '../../../src/protocol/paths/path.js';
import { comparePaths } from '../../../src/protocol/paths/order.js';
import { describeContract } from '../describe-contract.js';
import { defineNote, MODES } from '../entities.js';

const NASTY: readonly string[] = [
  '.',
  '..',
  '/',
  'a/b',
  'image/svg+xml',
  '~',
  '~0',
  '~1',
  '*',
  '**',
  '\\*',
  '\\**',
  'a b',
  ' ',
  'a+b',
  '100%',
  '%2F',
  '?',
  '#',
  'é',
  'e\u0301',
  '日本',
  '😀',
  '\uffff',
  '\u0000',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '-1',
  'null',
  'undefined',
  'x'.repeat(1000),
];

describeContract('slugs', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    const prefix = context.uniquePrefix();
    const entity = defineNote(prefix, mode);
    const bystander = { slug: 'bystander', text: 'untouched' };

    beforeAll(async () => {
      await (await context.connect([entity])).getRepository(entity).insert(bystander);
    });

    it.each(NASTY.map((slug) => [JSON.stringify(slug).slice(0, 20), slug]))(
      '%s is a slug like any other',
      async (_, slug) => {
        const notes = (await context.connect([entity])).getRepository(entity);
        await notes.insert({ slug, text: 'inserted' });
        expect(await notes.findOneBy({ slug })).toMatchObject({ slug, text: 'inserted' });
        expect((await notes.find({ order: { slug: 'ASC' } })).map((note) => note.slug)).toContain(slug);
        expect(await notes.getMany([slug])).toMatchObject([{ slug }]);

        await notes.update(slug, { text: 'updated' });
        expect(await notes.findOneBy({ slug })).toMatchObject({ text: 'updated' });
        const other = await context.otherWriter();
        expect(await other.exists(childPath(prefix.join('/'), slug))).toBe(true);

        expect(await notes.delete(slug)).toMatchObject({ affected: 1, slugs: [slug] });
        expect(await notes.find()).toMatchObject([bystander]);
      },
    );

    it('all of them live side by side, in store order', async () => {
      const together = defineNote(context.uniquePrefix(), mode);
      const notes = (await context.connect([together])).getRepository(together);
      await notes.insertMany(NASTY.map((slug) => ({ slug, text: slug })));

      const found = await notes.find();
      const paths = found.map(({ slug }) => childPath('p', slug) + '/');
      expect(paths).toEqual(paths.toSorted(comparePaths));
      expect(new Set(found.map(({ slug }) => slug))).toEqual(new Set(NASTY));
      for (const note of found) expect(note.text).toBe(note.slug);
    });
  });

  context.itWith('case of slugs', 'slugs that differ by case alone are different', async () => {
    const entity = defineNote(context.uniquePrefix());
    const notes = (await context.connect([entity])).getRepository(entity);
    await notes.insert([
      { slug: 'foo', text: 'small' },
      { slug: 'Foo', text: 'large' },
    ]);
    await notes.delete('foo');
    expect(await notes.find()).toMatchObject([{ slug: 'Foo', text: 'large' }]);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['null', null],
    ['a number', 7],
    ['half of a surrogate pair', '\ud800'],
  ])('a slug that is %s is refused, and nothing written', async (_, slug) => {
    const prefix = context.uniquePrefix();
    const entity = defineNote(prefix);
    const notes = (await context.connect([entity])).getRepository(entity);
    const before = await context.stateOf(prefix);
    const record = { slug: slug as string, text: 't' };
    const refusal = { name: expect.stringMatching(/Error$/), message: expect.stringContaining('Note') };

    await expect(notes.insert(record)).rejects.toMatchObject(refusal);
    await expect(notes.save(Object.assign(notes.create(), record))).rejects.toMatchObject(refusal);
    expect(await context.stateOf(prefix)).toEqual(before);
  });
});

describeContract(
  'slugs in events',
  (context) => {
    it('are as they were given', async () => {
      const entity = defineNote(context.uniquePrefix());
      const notes = (await context.connect([entity])).getRepository(entity);
      for (const slug of ['a/b', '**', '__proto__', '~1']) {
        const event = firstValueFrom(notes.events());
        await notes.insert({ slug, text: 't' });
        expect(await event).toMatchObject({ type: 'upserted', slug, entity: { slug } });
      }
    });
  },
  { needs: 'realtime' },
);
