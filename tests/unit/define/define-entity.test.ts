import type { EntityClass } from '../../../src/index.js';
import {
  counterField,
  createdAtField,
  DataSource,
  defineEntity,
  defineNested,
  DustEntity,
  EntityMetadataError,
  field,
  Field,
  nested,
  Slug,
  slug,
} from '../../../src/index.js';
import { buildEntityMetadata, entityNameOf } from '../../../src/metadata/index.js';
import { decorated, defined } from './definitions.js';
import { known } from './known.js';

const problemsOf = (target: EntityClass): string[] => {
  try {
    buildEntityMetadata(target);
    return [];
  } catch (error) {
    if (!(error instanceof EntityMetadataError)) throw error;
    return error.problems.map(({ property = '', text }) => `${property}: ${text}`);
  }
};

describe('defineEntity', () => {
  it('gives the metadata that decorators give', () => {
    const byDecorators = known(decorated(['links']).Link);
    expect(known(defined(['links']).Link)).toEqual(byDecorators);
    expect(JSON.stringify(byDecorators)).toContain('"nestedClass":"DecoratedAddress"');
  });

  it('makes instances without properties of their own', () => {
    const { Link } = defined(['links']);
    expect(Object.keys(new Link())).toEqual([]);
  });

  it('is named by its last segment, or as the options say', () => {
    const fields = { slug: slug(), title: field('string') };
    expect(defineEntity(['reading', 'links'], fields).name).toBe('links');
    const Named = defineEntity('links', fields, { name: 'Link' });
    expect([Named.name, entityNameOf(Named)]).toEqual(['Link', 'Link']);
  });

  it('takes the options of an entity', () => {
    const fields = { slug: slug(), title: field('string') };
    const Link = defineEntity('links', fields, { mode: 'map', store: 'acme/other' });
    expect(buildEntityMetadata(Link)).toMatchObject({ mode: 'map', store: 'acme/other', prefix: ['links'] });
  });

  it('calls its hooks with the entity, in their order', async () => {
    const calls: string[] = [];
    const Link = defineEntity(
      'links',
      { slug: slug(), title: field('string', { required: true }) },
      {
        hooks: {
          beforeInsert: [
            (link) => void (link.slug = link.title.toLowerCase()),
            async ({ slug: made }) => void calls.push(await Promise.resolve(made)),
          ],
          afterLoad: ({ title }) => void calls.push(title),
        },
      },
    );
    const dataSource = await new DataSource({ entities: [Link] }).initialize();
    await dataSource.manager.insert(Link, { title: 'Dust' });
    await dataSource.manager.find(Link);
    expect(calls).toEqual(['dust', 'Dust']);
    await dataSource.destroy();
  });

  it('refuses hooks that there are none of, and what is no function', () => {
    const fields = { slug: slug(), title: field('string') };
    const withHooks = (hooks: object) => () => defineEntity('links', fields, { hooks });
    expect(withHooks({ beforeInserts: () => 1 })).toThrow(/beforeInserts/);
    expect(withHooks({ beforeInsert: 'normalise' })).toThrow(/is no function/);
  });

  describe('in a class that extends it', () => {
    const fields = { slug: slug(), title: field('string', { required: true }) };

    class Link extends defineEntity('links', fields) {
      visits = 0;
      get shout(): string {
        return this.title.toUpperCase();
      }
    }

    it('makes that one the entity, under its own name', () => {
      expect(buildEntityMetadata(Link)).toMatchObject({ name: 'Link', prefix: ['links'] });
      expect(buildEntityMetadata(class Short extends Link {})).toMatchObject({ name: 'Short' });
    });

    it('keeps a name that was given', () => {
      class Other extends defineEntity('links', fields, { name: 'Link' }) {}
      expect(buildEntityMetadata(Other).name).toBe('Link');
    });

    it('gives its methods to what is read', async () => {
      const dataSource = await new DataSource({ entities: [Link] }).initialize();
      const links = dataSource.getRepository(Link);
      await links.insert({ slug: 'a', title: 'dust' });
      const read = await links.findOneByOrFail({ slug: 'a' });
      expect([read instanceof Link, read.shout, read.visits]).toEqual([true, 'DUST', 0]);
      await dataSource.destroy();
    });

    it('leaves the prefix to a decorator of its own', () => {
      @DustEntity('others')
      class Other extends defineEntity('links', fields) {}
      expect(buildEntityMetadata(Other).prefix).toEqual(['others']);
    });

    it('refuses an instance of one that keeps other records', async () => {
      class Other extends defineEntity('others', fields) {}
      const dataSource = await new DataSource({ entities: [Link, Other] }).initialize();
      const other = Object.assign(new Other(), { slug: 'a', title: 't' });
      await expect(dataSource.getRepository(Link).insert(other)).rejects.toThrow('Other');
      await dataSource.destroy();
    });

    it('does not pass on the prefix of a class with a decorator', () => {
      @DustEntity('notes')
      class Note extends defineEntity('links', fields) {}
      class Short extends Note {}
      expect(problemsOf(Short)[0]).toContain('The one of Note is not inherited');
    });
  });

  it('has the fields of a class that it extends, and not its prefix', () => {
    abstract class Dated {
      @Field('date') createdAt?: Date;
      get isOld(): boolean {
        return this.createdAt === undefined;
      }
    }
    @DustEntity('base')
    class Base extends Dated {
      @Slug() slug!: string;
    }
    const Link = defineEntity('links', { title: field('string') }, { extends: Base });
    const metadata = buildEntityMetadata(Link);
    expect(metadata.fields.map(({ propertyName }) => propertyName)).toEqual(['createdAt', 'title']);
    expect([metadata.prefix, metadata.slugProperty, new Link().isOld]).toEqual([['links'], 'slug', true]);
  });

  it('is checked as a class with decorators is', () => {
    // @ts-expect-error: there is no such property
    const Wrong = defineEntity(
      'a/b',
      {
        title: field('text' as 'string'),
        // @ts-expect-error: there is no such option
        note: field('string', { lenght: 3 }),
      },
      { indexes: [['nothing']] },
    );
    expect(problemsOf(Wrong)).toEqual([
      expect.stringContaining('title: there is no type "text"'),
      expect.stringContaining('note: @Field has no option "lenght"'),
      expect.stringContaining('prefix'),
      expect.stringContaining('it has no slug'),
      expect.stringContaining('nothing'),
    ]);
  });

  it.each<[string, () => unknown]>([
    ['title is not a definition', () => defineEntity('links', { title: 'string' as never })],
    ['title is not a definition', () => defineEntity('links', { title: field as never })],
    ['defineEntity takes the properties as an object', () => defineEntity('links', undefined as never)],
    ['defineNested takes the properties as an object', () => defineNested(undefined as never)],
    ['defineEntity takes its options as an object', () => defineEntity('links', {}, 'map' as never)],
    ['extends of defineEntity is not a class', () => defineEntity('links', {}, { extends: {} as never })],
    ['indexes takes a list', () => defineEntity('links', {}, { indexes: 'state' as never })],
  ])('says at once: %s', (message, define) => {
    expect(define).toThrow(message);
  });
});

describe('defineNested', () => {
  const Place = defineNested({ city: field('string', { required: true }) });

  it('makes a class of values', async () => {
    const Customer = defineEntity('customers', { id: slug(), home: nested(() => Place, { required: true }) });
    const dataSource = await new DataSource({ entities: [Customer] }).initialize();
    const customers = dataSource.getRepository(Customer);
    await customers.insert({ id: 'a', home: Object.assign(new Place(), { city: 'Oslo' }) });
    const { home } = await customers.findOneByOrFail({ id: 'a' });
    expect([home instanceof Place, home.city]).toEqual([true, 'Oslo']);
    await dataSource.destroy();
  });

  it('is told by its name where something is wrong', () => {
    const Wrong = defineNested({ visits: counterField() }, { name: 'Statistics' });
    const Page = defineEntity('pages', { id: slug(), statistics: nested(() => Wrong) });
    expect(problemsOf(Page)[0]).toContain('the nested class Statistics.visits');
  });

  it('extends a class', () => {
    const Exact = defineNested({ street: field('string') }, { extends: Place });
    const Page = defineEntity('pages', { id: slug(), at: createdAtField(), place: nested(() => Exact) });
    const place = buildEntityMetadata(Page).fieldByProperty.get('place');
    expect(place?.nestedFields?.map(({ propertyName }) => propertyName)).toEqual(['city', 'street']);
  });
});
