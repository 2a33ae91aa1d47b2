import { Length } from 'class-validator';
import type { RecordProblem } from '../../../src/mapping/types.js';
import { DustEntity, Field, Slug } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import { defineLink, link, MODES } from '../entities.js';

describeContract('validation', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    it('refuses what breaks a rule, lists the rules, and writes nothing', async () => {
      const prefix = context.uniquePrefix();
      const entity = defineLink(prefix, mode);
      const links = (await context.connect([entity])).getRepository(entity);
      await links.insert(link('a'));
      const before = await context.stateOf(prefix);
      const refusal = {
        name: 'EntityValidationError',
        kind: 'validation',
        message: expect.stringContaining('Link'),
        errors: [expect.objectContaining({ property: 'url', constraints: { isUrl: expect.any(String) } })],
      };

      await expect(links.insert(link('b', { url: 'nowhere' }))).rejects.toMatchObject(refusal);
      await expect(links.save(links.create(link('b', { url: 'nowhere' })))).rejects.toMatchObject(refusal);
      await expect(links.upsert(link('a', { url: 'nowhere' }), ['slug'])).rejects.toMatchObject(refusal);
      await expect(links.update('a', { url: 'nowhere' })).rejects.toMatchObject(refusal);
      expect(await context.stateOf(prefix)).toEqual(before);
    });

    it('refuses a list of records as a whole when one is invalid', async () => {
      const entity = defineLink(context.uniquePrefix(), mode);
      const links = (await context.connect([entity])).getRepository(entity);
      await expect(links.insert([link('a'), link('b', { title: '' })])).rejects.toMatchObject({
        kind: 'validation',
      });
      expect(await links.count()).toBe(0);
    });

    it('refuses an insert without a required field, naming it', async () => {
      const entity = defineLink(context.uniquePrefix(), mode);
      const links = (await context.connect([entity])).getRepository(entity);
      await expect(links.insert({ slug: 'a', title: 'T' })).rejects.toMatchObject({
        kind: 'validation',
        message: expect.stringContaining('url'),
      });
      await expect(links.update('a', { title: null as never })).rejects.toMatchObject({ kind: 'validation' });
      expect(await links.count()).toBe(0);
    });

    it('lets a partial update leave required fields out, and checks those it names', async () => {
      const entity = defineLink(context.uniquePrefix(), mode);
      const links = (await context.connect([entity])).getRepository(entity);
      await links.insert(link('a'));
      await links.update('a', { note: 'n' });
      await expect(links.update('a', { title: '' })).rejects.toMatchObject({ kind: 'validation' });
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: 'n', title: 'Title of a' });
    });

    it('can be switched off', async () => {
      const entity = defineLink(context.uniquePrefix(), mode);
      const links = (await context.connect([entity], { validation: false })).getRepository(entity);
      await links.insert(link('a', { url: 'nowhere' }));
      expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ url: 'nowhere' });
    });
  });
});

describeContract('records that are no entities', (context) => {
  const setUp = async (onInvalidRecord?: 'skip' | 'throw' | ((problem: RecordProblem) => void)) => {
    const prefix = context.uniquePrefix();
    const entity = defineLink(prefix);
    const warnings: string[] = [];
    const logger = {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (message: string) => void warnings.push(message),
    };
    const dust = await context.connect([entity], { logger, ...(onInvalidRecord && { onInvalidRecord }) });
    const links = dust.getRepository(entity);
    const other = await context.otherWriter();
    await links.insert([link('a'), link('z')]);
    await other.set(`${prefix.join('/')}/broken/headline`, 'no title, no url');
    return { links, warnings };
  };

  it('are skipped, with a warning that names slug, missing and unrecognised fields', async () => {
    const { links, warnings } = await setUp();
    expect((await links.find()).map((found) => found.slug)).toEqual(['a', 'z']);
    expect(await links.findOneBy({ slug: 'broken' })).toBeNull();
    // What is counted is not read.
    expect(await links.count()).toBe(3);
    expect(warnings.join('\n')).toMatch(/broken.*title.*url.*headline/s);
  });

  it('are an error when that is asked for', async () => {
    const { links } = await setUp('throw');
    const refusal = { kind: 'invalid_record', message: expect.stringContaining('broken') };
    await expect(links.find()).rejects.toMatchObject(refusal);
    await expect(links.findOneBy({ slug: 'broken' })).rejects.toMatchObject(refusal);
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ slug: 'a' });
  });

  it('are handed to a function when there is one', async () => {
    const problems: RecordProblem[] = [];
    const { links, warnings } = await setUp((problem) => problems.push(problem));
    expect(await links.find()).toHaveLength(2);
    expect(problems).toEqual([
      expect.objectContaining({ slug: 'broken', missing: ['title', 'url'], unrecognised: ['headline'] }),
    ]);
    expect(warnings).toEqual([]);
  });

  it('can be deleted', async () => {
    const { links } = await setUp('throw');
    await links.delete('broken');
    expect(await links.count()).toBe(2);
  });
});

describeContract('inheritance', (context) => {
  it('fields and rules of the base class hold for the derived one', async () => {
    abstract class Base {
      @Slug() slug!: string;
      @Field() @Length(1, 5) code?: string;
    }
    @DustEntity({ prefix: context.uniquePrefix() })
    class Derived extends Base {
      @Field() extra?: string;
    }
    const derived = (await context.connect([Derived])).getRepository(Derived);
    await derived.insert({ slug: 'a', code: 'x', extra: 'y' });
    expect(await derived.findOneBy({ slug: 'a' })).toMatchObject({ code: 'x', extra: 'y' });
    await expect(derived.insert({ slug: 'b', code: 'too long' })).rejects.toMatchObject({
      kind: 'validation',
    });
  });
});
