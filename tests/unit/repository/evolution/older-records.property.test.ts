import fc from 'fast-check';
import type { RawRecord, Repository } from '../../../../src/index.js';
import {
  CounterField,
  DataSource,
  DustEntity,
  EmbeddedTransport,
  Field,
  In,
  Index,
  IsNull,
  MoreThan,
  SetField,
  silentLogger,
  Slug,
} from '../../../../src/index.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';

/** A record as the class now has it, by the names on the wire. */
type Model = Record<string, JsonValue>;

const toSecond = ({ full, ...rest }: RawRecord): RawRecord => {
  const [first = '', ...others] = (typeof full === 'string' ? full : '').split(' ');
  return { ...rest, first, last: others.length === 0 ? null : others.join(' ') };
};
const toThird = ({ cents, ...rest }: RawRecord): RawRecord =>
  typeof cents === 'number' ? { ...rest, amount: cents / 4 } : rest;

function define(mode: 'flat' | 'map') {
  class Person {
    @Slug() id!: string;
    @Field('string', { required: true }) @Index() first!: string;
    @Field('string') last?: string | null;
    @Field('float') @Index() amount?: number | null;
    @Field('string', { from: ['mail', 'post'] }) @Index() email?: string | null;
    @Field('integer', { required: true, default: 3, applyOnRead: true }) @Index() rank!: number;
    @Field('json', { from: ['info'] }) details?: unknown;
    @CounterField({ from: ['hits'] }) visits?: number;
    @SetField({ type: 'string', from: ['words'] }) tags?: string[];
  }
  class Whole {
    @Slug() id!: string;
    @Field('string', { required: true }) first!: string;
    @Field('string') last?: string | null;
    @Field('float') amount?: number | null;
    @Field('string', { from: ['mail', 'post'] }) email?: string | null;
    @Field('integer', { required: true, default: 3, applyOnRead: true }) rank!: number;
    @Field('json', { from: ['info'] }) details?: unknown;
  }
  const target: typeof Person = mode === 'flat' ? Person : Whole;
  DustEntity({ prefix: 'people', mode, version: 3, upgrade: { 2: toSecond, 3: toThird } })(target);
  return target;
}

type Person = InstanceType<ReturnType<typeof define>>;

const RENAMED: Readonly<Record<string, readonly string[]>> = {
  email: ['mail', 'post'],
  details: ['info'],
  visits: ['hits'],
  tags: ['words'],
};

/** What a stored record is now, as plainly as can be. */
function present(stored: Model): Model {
  const { _schema: version = 1, ...rest } = stored;
  let raw: RawRecord = structuredClone(rest);
  if (version === 1) raw = toSecond(raw);
  if (version !== 3) raw = toThird(raw);
  for (const [name, earlier] of Object.entries(RENAMED)) {
    for (const old of earlier) {
      if (raw[old] !== undefined && raw[name] === undefined) raw[name] = raw[old];
      Reflect.deleteProperty(raw, old);
    }
  }
  return raw as Model;
}

const renewed = (stored: Model): Model => ({ ...present(stored), _schema: 3 });

/** A record as a reader has it. */
function seen(stored: Model): unknown {
  const { first, last, amount, email, rank, details, visits, tags } = present(stored);
  return { first, last, amount, email, rank: rank ?? 3, details, visits: visits ?? 0, tags: tags ?? [] };
}

const SLUGS = ['a', 'b', 'c', 'd'];
const slugs = fc.constantFrom(...SLUGS);
const texts = fc.constantFrom('x', 'y', 'z');
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const common = {
  mail: optional(fc.oneof(texts, fc.constant(null))),
  post: optional(texts),
  email: optional(texts),
  rank: optional(fc.integer({ min: 0, max: 4 })),
  info: optional(fc.constantFrom<JsonValue>({ k: 1 }, { k: { l: [1] } }, 'text')),
};
const changing = { hits: optional(fc.integer({ min: 0, max: 3 })), words: optional(fc.constant(['u', 'v'])) };
const oldOnes = (isFlat: boolean): fc.Arbitrary<Model> => {
  const more = isFlat ? { ...common, ...changing } : common;
  return fc
    .oneof(
      fc.record({
        ...more,
        full: fc.constantFrom('x', 'y z', 'z x y'),
        cents: optional(fc.integer({ min: 0, max: 8 })),
      }),
      fc.record({
        ...more,
        _schema: fc.constant(2),
        first: texts,
        cents: optional(fc.integer({ min: 0, max: 8 })),
      }),
      fc.record({ ...more, _schema: fc.constant(3), first: texts, amount: optional(fc.constant(0.5)) }),
    )
    .map((record) => JSON.parse(JSON.stringify(record)) as Model);
};

type Step = (world: World) => Promise<void>;

class World {
  readonly records = new Map<string, Model>();
  readonly loaded = new Map<string, { readonly entity: Person; readonly at: Model }>();
  constructor(
    readonly people: Repository<Person>,
    readonly source: DataSource,
    readonly store: EmbeddedTransport,
    readonly isFlat: boolean,
  ) {}

  async put(slug: string, record: Model): Promise<void> {
    await this.store.set(`people/${slug}`, record);
    this.records.set(slug, record);
    this.loaded.delete(slug);
  }

  change(slug: string, change: (record: Model) => Model): void {
    const stored = this.records.get(slug);
    if (stored !== undefined) this.records.set(slug, change(renewed(stored)));
  }

  async check(): Promise<void> {
    const found = await this.people.find();
    const expected = [...this.records].sort(([a], [b]) => (a < b ? -1 : 1));
    const shown = found.map((person) => {
      const { id, first, last, amount, email, rank, details, visits = 0, tags = [] } = person;
      return [id, { first, last, amount, email, rank, details, visits, tags }];
    });
    expect(shown).toEqual(expected.map(([slug, record]) => [slug, seen(record)]));
    for (const [slug, record] of this.records) {
      const entry = await this.store.get(`people/${slug}`);
      expect(entry?.value).toEqual(record);
    }
    for (const where of WHERES) {
      const planned = await this.people.find({ where, order: { rank: 'ASC', email: 'DESC' } });
      const scanned = found.filter((person) => MATCHES[WHERES.indexOf(where)]!(person));
      expect(planned.map(({ id }) => id).sort()).toEqual(scanned.map(({ id }) => id));
      expect(await this.people.count({ where })).toBe(scanned.length);
    }
  }
}

const WHERES = [
  { first: 'x' },
  { email: IsNull() },
  { email: In(['x', 'y']) },
  { rank: 3 },
  { amount: MoreThan(0.4) },
];
const MATCHES: readonly ((person: Person) => boolean)[] = [
  ({ first }) => first === 'x',
  ({ email }) => (email ?? null) === null,
  ({ email }) => email === 'x' || email === 'y',
  ({ rank }) => rank === 3,
  ({ amount }) => (amount ?? 0) > 0.4,
];

const steps = (isFlat: boolean): fc.Arbitrary<{ readonly name: string; readonly run: Step }> => {
  const step = (name: string, run: Step): { readonly name: string; readonly run: Step } =>
    ({
      name,
      run,
      [fc.toStringMethod]: () => name,
    }) as never;
  const all = [
    fc
      .tuple(slugs, oldOnes(isFlat))
      .map(([slug, record]) =>
        step(`put ${slug} ${JSON.stringify(record)}`, (world) => world.put(slug, record)),
      ),
    fc.tuple(slugs, texts).map(([slug, email]) =>
      step(`update ${slug} ${email}`, async (world) => {
        await world.people.update(slug, { email });
        world.change(slug, (record) => ({ ...record, email }));
      }),
    ),
    slugs.map((slug) =>
      step(`rank ${slug}`, async (world) => {
        await world.people.update(slug, { rank: 4 });
        world.change(slug, (record) => ({ ...record, rank: 4 }));
      }),
    ),
    fc.tuple(texts, texts).map(([first, last]) =>
      step(`update where first ${first}`, async (world) => {
        await world.people.update({ first }, { last });
        for (const [slug, record] of world.records) {
          if (present(record).first === first) world.change(slug, (stands) => ({ ...stands, last }));
        }
      }),
    ),
    slugs.map((slug) =>
      step(`load ${slug}`, async (world) => {
        const entity = await world.people.findOneBy({ id: slug });
        const at = world.records.get(slug);
        if (entity !== null && at !== undefined) world.loaded.set(slug, { entity, at });
      }),
    ),
    fc.tuple(slugs, optional(texts)).map(([slug, last]) =>
      step(`save ${slug} ${last ?? 'as it is'}`, async (world) => {
        const loaded = world.loaded.get(slug);
        const stored = world.records.get(slug);
        if (loaded === undefined || stored === undefined) return;
        const { entity, at } = loaded;
        const before = entity.last;
        if (last !== undefined) entity.last = last;
        await world.people.save(entity);
        const isChanged = last !== undefined && last !== before;
        const lacksRank = present(at).rank === undefined;
        const wasOld = JSON.stringify(renewed(at)) !== JSON.stringify({ ...at, _schema: at._schema ?? 1 });
        if (isChanged || lacksRank || wasOld) {
          if (world.isFlat) {
            const needs = isChanged || (lacksRank && present(stored).rank === undefined) || isOld(stored);
            if (needs) {
              world.change(slug, (record) => ({
                ...record,
                ...(isChanged && { last }),
                ...(lacksRank && record.rank === undefined && { rank: 3 }),
              }));
            }
          } else if (isChanged || lacksRank) {
            world.records.set(slug, {
              ...renewed(at),
              rank: present(at).rank ?? 3,
              ...(isChanged && { last }),
            });
          } else {
            world.change(slug, (record) => record);
          }
        }
        world.loaded.delete(slug);
      }),
    ),
    fc.tuple(slugs, texts).map(([slug, first]) =>
      step(`insert ${slug} ${first}`, async (world) => {
        await world.people.insert({ id: slug, first, rank: 1 });
        const stands = world.isFlat ? world.records.get(slug) : undefined;
        world.records.set(slug, { ...(stands && renewed(stands)), first, rank: 1, _schema: 3 });
        world.loaded.delete(slug);
      }),
    ),
    slugs.map((slug) =>
      step(`delete ${slug}`, async (world) => {
        await world.people.delete(slug);
        world.records.delete(slug);
        world.loaded.delete(slug);
      }),
    ),
    fc.tuple(slugs, texts).map(([slug, last]) =>
      step(`ifMatch ${slug}`, async (world) => {
        const entry = await world.store.get(`people/${slug}`);
        if (entry === null) return;
        await world.people.update(slug, { last }, { ifMatch: entry.revision });
        world.change(slug, (record) => ({ ...record, last }));
      }),
    ),
    fc.tuple(slugs, slugs, texts).map(([one, two, last]) =>
      step(`batch ${one} ${two}`, async (world) => {
        if (!world.records.has(one)) return;
        const { people, source } = world;
        await source.manager.batch((batch) => {
          if (world.isFlat) batch.update(people.target, one, { last: 'q' });
          batch.update(people.target, one, { last });
          if (two !== one) batch.delete(people.target, two);
        });
        world.change(one, (record) => ({ ...record, last }));
        if (two !== one) world.records.delete(two);
        if (two !== one) world.loaded.delete(two);
      }),
    ),
  ];
  const changes = [
    fc.tuple(slugs, fc.integer({ min: 1, max: 3 })).map(([slug, by]) =>
      step(`increment ${slug} ${by}`, async (world) => {
        await world.people.increment(slug, 'visits', by);
        world.change(slug, (record) => ({ ...record, visits: Number(record.visits ?? 0) + by }));
      }),
    ),
    slugs.map((slug) =>
      step(`add ${slug}`, async (world) => {
        await world.people.addTo(slug, 'tags' as never, 'w');
        world.change(slug, (record) => ({
          ...record,
          tags: ['w', ...((record.tags ?? []) as string[]).filter((tag) => tag !== 'w')],
        }));
      }),
    ),
  ];
  return fc.oneof(...all, ...(isFlat ? changes : []));
};

function isOld(stored: Model): boolean {
  return (
    stored._schema !== 3 ||
    Object.values(RENAMED)
      .flat()
      .some((name) => stored[name] !== undefined)
  );
}

async function play(mode: 'flat' | 'map', runs: readonly { readonly run: Step }[]): Promise<void> {
  const entity = define(mode);
  const store = new EmbeddedTransport();
  const source = new DataSource({
    entities: [entity],
    logger: silentLogger,
    transport: store,
  });
  await source.initialize();
  try {
    const world = new World(source.getRepository(entity), source, store, mode === 'flat');
    for (const { run } of runs) await run(world);
    await world.check();
  } finally {
    await source.destroy();
  }
}

describe.each(['flat', 'map'] as const)('records of older classes, in %s mode', (mode) => {
  it('are read and written as a plain model says', async () => {
    const runs = fc.array(steps(mode === 'flat'), { minLength: 3, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(runs, (given) => play(mode, given)),
      { numRuns: 60, seed: 15 },
    );
  });
});
