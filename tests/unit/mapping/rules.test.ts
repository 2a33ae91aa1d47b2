import type * as ClassValidator from 'class-validator';
import type { DataSourceOptions, EntityClass } from '../../../src/index.js';
import { DataSource, DustEntity, Field, silentLogger, Slug } from '../../../src/index.js';
import { planRules } from '../../../src/mapping/validation/rules.js';

const STORAGE = 'classValidatorMetadataStorage';

/** How often somebody loaded class-validator, beside these tests. */
let loaded = 0;
jest.mock('class-validator', () => {
  loaded++;
  return jest.requireActual<typeof ClassValidator>('class-validator');
});

/** Another copy of class-validator in the same process, as with two module formats, or with Jest's modules reset. */
function copyOfClassValidator(): typeof ClassValidator {
  let copy: typeof ClassValidator | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof ClassValidator>('class-validator');
  });
  return copy!;
}

const open: DataSource[] = [];

beforeEach(() => {
  Reflect.deleteProperty(globalThis, STORAGE);
  jest.resetModules();
  loaded = 0;
});

afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

async function opened(entity: EntityClass, options: Partial<DataSourceOptions> = {}): Promise<DataSource> {
  const dataSource = new DataSource({ entities: [entity], logger: silentLogger, ...options });
  open.push(dataSource);
  return dataSource.initialize();
}

function withoutRules(): new () => { slug: string; title?: string; note?: string } {
  @DustEntity('links')
  class Link {
    @Slug() slug!: string;
    @Field({ required: true }) title?: string;
    @Field() note?: string;
  }
  return Link;
}

function withRule({ MaxLength }: typeof ClassValidator): ReturnType<typeof withoutRules> {
  const Link = withoutRules();
  MaxLength(5)(Link.prototype, 'note');
  return Link;
}

it('a class without rules is read and written without class-validator', async () => {
  const Link = withoutRules();
  const links = (await opened(Link)).getRepository(Link);
  await links.insert({ slug: 'a', title: 'A' });
  await links.save(Object.assign(new Link(), { slug: 'b', title: 'B' }));
  await links.update('a', { note: 'new' });
  expect(await links.findBy({ slug: 'a' })).toEqual([{ slug: 'a', title: 'A', note: 'new' }]);
  expect([loaded, Reflect.has(globalThis, STORAGE)]).toEqual([0, false]);
});

it('so is one among others that have rules, and a base class has none of those that its subclass has', async () => {
  const classValidator = copyOfClassValidator();
  const Base = withoutRules();
  class Sub extends Base {
    @classValidator.IsInt() rank?: number;
  }
  expect(planRules(Sub)).toHaveLength(1);
  await (await opened(Base)).getRepository(Base).insert({ slug: 'a', title: 'A' });
  expect(loaded).toBe(0);
});

it('what is missing there is told by a ValidationError of class-validator all the same', async () => {
  const Link = withoutRules();
  const links = (await opened(Link)).getRepository(Link);
  const refusal: unknown = await links.insert({ slug: 'a' }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    kind: 'validation',
    errors: [{ property: 'title', constraints: { isRequired: 'title is required' } }],
  });
  expect(loaded).toBe(1);
  const { ValidationError } = await import('class-validator');
  expect((refusal as { errors: unknown[] }).errors[0]).toBeInstanceOf(ValidationError);
});

it('a class with rules has it loaded before the first write, also when another copy holds the rules', async () => {
  const Link = withRule(copyOfClassValidator());
  copyOfClassValidator();
  const links = (await opened(Link)).getRepository(Link);
  expect(loaded).toBe(1);
  await links.insert({ slug: 'a', title: 'A', note: 'short' });
  await expect(links.insert({ slug: 'b', title: 'B', note: 'too long' })).rejects.toMatchObject({
    kind: 'validation',
    errors: [{ property: 'note', constraints: { maxLength: expect.any(String) } }],
  });
});

it('rules are inherited, and those of a base class count', async () => {
  const Base = withRule(copyOfClassValidator());
  @DustEntity('more')
  class More extends Base {}
  const more = (await opened(More)).getRepository(More);
  expect(loaded).toBe(1);
  await expect(more.insert({ slug: 'b', title: 'B', note: 'too long' })).rejects.toMatchObject({
    kind: 'validation',
  });
});

it('opening makes no constraint, which may need the container that the application sets up later', async () => {
  const { Validate, ValidatorConstraint, useContainer } = copyOfClassValidator();
  const made: string[] = [];
  class NoShouting {
    constructor() {
      made.push('by itself');
    }
    validate(text: string): boolean {
      return text !== text.toUpperCase();
    }
  }
  ValidatorConstraint()(NoShouting);
  const Link = withoutRules();
  Validate(NoShouting)(Link.prototype, 'note');
  const links = (await opened(Link)).getRepository(Link);
  expect(made).toEqual([]);
  const own = { validate: (text: string) => text === 'QUIET' };
  useContainer({ get: () => own });
  await links.insert({ slug: 'a', title: 'A', note: 'QUIET' });
  expect(made).toEqual([]);
});

it('options of its own are passed on to it for a class without rules, too', async () => {
  const Link = withoutRules();
  const links = (await opened(Link, { validation: { forbidUnknownValues: true } })).getRepository(Link);
  expect(loaded).toBe(1);
  await expect(links.insert({ slug: 'a', title: 'A' })).rejects.toMatchObject({ kind: 'validation' });
});

it('validation: false loads it for nobody', async () => {
  const Link = withRule(copyOfClassValidator());
  const links = (await opened(Link, { validation: false })).getRepository(Link);
  await links.insert({ slug: 'a', title: 'A', note: 'too long' });
  expect(loaded).toBe(0);
});

it('rules that another version keeps in a way of its own are left to class-validator', () => {
  Reflect.set(globalThis, STORAGE, { rules: [] });
  expect(planRules(withoutRules())).toBeUndefined();
});
