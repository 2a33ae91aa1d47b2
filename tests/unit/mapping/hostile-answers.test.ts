import type { DataSource, StandardSchema } from '../../../src/index.js';
import {
  DataSource as Source,
  defineEntity,
  field,
  isDustError,
  jsonField,
  slug,
} from '../../../src/index.js';

/** What functions and schemas of a program answer that is odd: each ends in a DustError that says where. */
const opened: DataSource[] = [];

afterEach(async () => {
  for (const dataSource of opened.splice(0)) await dataSource.destroy();
});

async function open(...args: ConstructorParameters<typeof Source>): Promise<DataSource> {
  const dataSource = await new Source(...args).initialize();
  opened.push(dataSource);
  return dataSource;
}

function schema(validate: (value: unknown) => unknown): StandardSchema {
  return { '~standard': { version: 1, vendor: 'odd', validate: validate as never } };
}

const broken = {
  get inside(): never {
    throw new RangeError('no luck');
  },
};

function nested(depth: number): object {
  let value: object = {};
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}

it.each([3000, 100_000])(
  'an issue with a path of %i segments is told, as far as values go',
  async (length) => {
    const path = Array.from({ length }, () => 'a');
    class Odd extends defineEntity('odd', {
      id: slug(),
      meta: jsonField<object>({ schema: schema(() => ({ issues: [{ message: 'is odd', path }] })) }),
    }) {}
    const { manager } = await open({ entities: [Odd] });
    const error: unknown = await manager
      .insert(Odd, { id: 'x', meta: {} })
      .catch((refused: unknown) => refused);
    expect(isDustError(error, 'validation')).toBe(true);
    expect(String(error)).toMatch(
      /^EntityValidationError: Odd "x" is not valid.*\n {2}- meta\.a\.a\..*: is odd \(schema\)$/s,
    );
  },
);

it("a value that is nested too deep is its field's to refuse, whatever a schema makes of it", async () => {
  class Odd extends defineEntity('odd', {
    id: slug(),
    meta: jsonField<object>({ schema: schema(() => ({ value: nested(20_000) })) }),
  }) {}
  const { manager } = await open({ entities: [Odd] });
  await expect(manager.insert(Odd, { id: 'x', meta: nested(20_000) })).rejects.toMatchObject({
    kind: 'validation',
    message: expect.stringContaining('meta must be'),
  });
});

it('an upgrade whose result cannot be read makes a record that does not fit', async () => {
  class Old extends defineEntity('odd', { id: slug(), name: field('string') }) {}
  class Odd extends defineEntity(
    'odd',
    { id: slug(), name: field('string') },
    { version: 2, upgrade: { 2: () => broken } },
  ) {}
  const old = await open({ entities: [Old] });
  await old.manager.insert(Old, { id: 'x', name: 'n' });
  const problems: unknown[] = [];
  const { manager } = await open({
    entities: [Odd],
    transport: old.transport,
    onInvalidRecord: (problem) => problems.push(problem.upgrade),
  });
  expect(await manager.find(Odd)).toEqual([]);
  expect(problems).toEqual([
    'its upgrade to version 2 gave no JSON: an object that cannot be read (no luck)',
  ]);
  await expect(manager.update(Odd, 'x', { name: 'm' })).rejects.toMatchObject({
    kind: 'invalid_record',
    path: 'odd/x',
    message: expect.stringContaining('cannot be read (no luck)'),
  });
});

it.each<[string, object, string]>([
  ['a getter', { deep: [broken] }, 'meta.deep[0]'],
  [
    'a proxy',
    new Proxy([], {
      get: () => {
        throw new RangeError('no luck');
      },
    }),
    'meta',
  ],
])('JSON that %s keeps from being read is refused where it is', async (_, meta, where) => {
  class Odd extends defineEntity('odd', { id: slug(), meta: jsonField<object>() }) {}
  const { manager, transport } = await open({ entities: [Odd] });
  await expect(manager.insert(Odd, { id: 'x', meta })).rejects.toMatchObject({
    kind: 'validation',
    message: expect.stringContaining(where),
  });
  await expect(transport.set('odd/x', meta as never)).rejects.toMatchObject({ kind: 'invalid_value' });
});
