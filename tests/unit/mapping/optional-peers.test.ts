import { z } from 'zod';
import type { DataSourceOptions, EntityClass } from '../../../src/index.js';
import { DataSource, defineEntity, field, nested, silentLogger, slug } from '../../../src/index.js';

const STORAGE = 'classValidatorMetadataStorage';

/** As in a project that has installed neither. */
jest.mock('class-validator', () => {
  throw new Error("Cannot find package 'class-validator'\nRequire stack: …");
});
jest.mock('class-transformer', () => {
  throw new Error("Cannot find package 'class-transformer'");
});

const open: DataSource[] = [];

afterEach(async () => {
  Reflect.deleteProperty(globalThis, STORAGE);
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

async function opened(entity: EntityClass, options: Partial<DataSourceOptions> = {}): Promise<DataSource> {
  const dataSource = new DataSource({ entities: [entity], logger: silentLogger, ...options });
  open.push(dataSource);
  return dataSource.initialize();
}

const Link = defineEntity(
  'links',
  {
    slug: slug(),
    title: field('string', { required: true }),
    pages: field('integer'),
    url: field('string', { schema: z.url().optional() }),
  },
  { name: 'Link' },
);

/** Rules, wherever they come from, are kept where all copies of class-validator find them. */
function giveRules(constraint: { readonly async: boolean; readonly instance: object }): void {
  const rule = {
    type: 'customValidation',
    propertyName: 'title',
    constraintCls: class {},
    constraints: [],
    each: false,
  };
  const storage = {
    getTargetValidationMetadatas: (target: unknown) => (target === Link ? [rule] : []),
    getTargetValidatorConstraints: () => [constraint],
  };
  Reflect.set(globalThis, STORAGE, storage);
}

describe('without class-validator', () => {
  it('types, required fields and schemas are told all the same', async () => {
    const links = (await opened(Link)).getRepository(Link);
    await links.insert({ slug: 'a', title: 'T', url: 'https://dustlayer.io' });
    const refused = await links
      .insert({ slug: 'b', pages: 0.5, url: 'x' })
      .catch((error: unknown) => error as Error & Record<'errors', unknown[]>);
    expect(refused).toMatchObject({
      name: 'EntityValidationError',
      errors: [
        { property: 'title', constraints: { isRequired: 'title is required' }, children: [] },
        { property: 'pages', constraints: { isStorable: expect.any(String) } },
        { property: 'url', value: 'x', constraints: { schema: 'Invalid URL' } },
      ],
    });
    expect(String((refused as { errors: unknown[] }).errors[2])).toBe('url: Invalid URL');
  });

  it('a class with rules is refused when it is opened, with what to do', async () => {
    giveRules({ async: true, instance: { validate: () => Promise.resolve(true) } });
    await expect(opened(Link)).rejects.toMatchObject({
      kind: 'invalid_options',
      detail: 'package_missing',
      message:
        "Link has rules of class-validator, and the package class-validator cannot be loaded (Cannot find package 'class-validator'). " +
        'Install it beside dust-orm: npm install class-validator; a bundle that leaves packages out needs it where it runs.',
    });
  });

  it('a rule that came later is told when it is asked', async () => {
    const links = (await opened(Link)).getRepository(Link);
    giveRules({ async: false, instance: { validate: () => false } });
    await expect(links.insert({ slug: 'a', title: 'T' })).rejects.toMatchObject({
      detail: 'package_missing',
    });
    expect(await links.count()).toBe(0);
  });

  it('options for it are refused, and no validation is not', async () => {
    await expect(opened(Link, { validation: { whitelist: true } })).rejects.toMatchObject({
      detail: 'package_missing',
      message: expect.stringMatching(/^The option validation is for class-validator, and the package/),
    });
    await expect(opened(Link, { validation: false })).resolves.toBeDefined();
    await expect(opened(Link, { validation: {} })).resolves.toBeDefined();
  });
});

it('without class-transformer, a nested class that needs it is named', async () => {
  class Plain {
    city?: string;
  }
  const Home = defineEntity('homes', { id: slug(), at: nested(() => Plain) });
  await expect(opened(Home)).rejects.toMatchObject({
    kind: 'invalid_options',
    detail: 'package_missing',
    message: expect.stringMatching(
      /^The nested class Plain has no @Field, so that class-transformer maps it, and the/,
    ),
  });
});
