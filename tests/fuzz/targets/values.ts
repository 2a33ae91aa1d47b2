import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { Repository } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import { setOwn, isObject } from '../../../src/protocol/values/value.js';
import type { JsonObject, JsonValue } from '../../../src/protocol/values/value.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOfPromise } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asText } from '../inputs/form.js';
import { jsonValues, mutatedJson } from '../inputs/mutated-json.js';
import { nestedText } from '../inputs/nested-text.js';
import { Fuzzed } from './fuzzed-entity.js';

const SAMPLES: readonly JsonValue[] = [
  { id: 'x', name: 'text', count: 1, size: 0.5, done: true, meta: { a: [1] }, price: '1.50', tags: ['x'] },
  { id: 'y', marks: ['m'], colour: 'red', views: 3, name: null },
  { id: 'z', meta: { a: {}, _type: 'file', b: { _typed: 1, _type: 'x' } } },
];

/** Records as callers of a web service send them, as JSON text: refused, or read back as they were written. */
export function valuesTarget(
  choose = (dataSource: DataSource): Repository<Fuzzed> => dataSource.getRepository(Fuzzed),
): Target {
  return defineTarget<string>({
    name: 'values',
    share: 8,
    batch: 500,
    inputs: fc.oneof(
      { weight: 20, arbitrary: mutatedJson(SAMPLES).map((value) => JSON.stringify(value)) },
      { weight: 20, arbitrary: jsonValues.map((meta) => JSON.stringify({ id: 'm', meta })) },
      { weight: 1, arbitrary: nestedText(fc.constant('1')).map((text) => `{"id":"n","meta":${text}}`) },
    ),
    form: asText,
    open: async () => {
      const dataSource = new DataSource({ entities: [Fuzzed], logging: false });
      await dataSource.initialize();
      const repository = choose(dataSource);
      return {
        check: (text: string) => check(JSON.parse(text) as JsonValue, repository),
        close: () => dataSource.destroy(),
      };
    },
  });
}

async function check(input: JsonValue, repository: Repository<Fuzzed>): Promise<void> {
  const given = input as never;
  await outcomeOfPromise(async () => repository.create(given));
  await outcomeOfPromise(() => repository.update('nobody', given));
  const saved = await outcomeOfPromise(() => repository.save(given));
  if (saved !== undefined && isObject(input) && typeof input.id === 'string') {
    const read = await repository.findOneBy({ id: input.id });
    for (const [name, value] of Object.entries(input)) expectSame(read, name, value);
  }
  await outcomeOfPromise(() => repository.insert(given));
  await outcomeOfPromise(() => repository.upsert(given));
  for (const { id } of await repository.find()) await repository.delete(id);
}

function expectSame(read: Fuzzed | null, name: string, written: JsonValue): void {
  if (!PLAIN.has(name)) return;
  const actual: unknown = read === null ? undefined : Reflect.get(read, name);
  expectThat(
    isDeepStrictEqual(plain(actual), plain(written)),
    `${name} was written as ${shown(written)} and is read as ${shown(actual)}`,
  );
}

/** What is read as it was written; dates and sets are not. */
const PLAIN: ReadonlySet<string> = new Set([
  'name',
  'count',
  'size',
  'done',
  'meta',
  'price',
  'colour',
  'tags',
]);

/** `-0` is 0 in JSON's store, and keys of any order are the same object. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === 0) return 0;
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value as JsonObject)) setOwn(result, key, plain(item));
  return result;
}
