import * as fc from 'fast-check';
import type { Repository } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { isObject } from '../../../src/protocol/values/value.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOfPromise } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asText } from '../inputs/form.js';
import { jsonValues, mutatedJson, strings } from '../inputs/mutated-json.js';
import { nestedText } from '../inputs/nested-text.js';
import { Fuzzed, RECORDS } from './fuzzed-entity.js';

const SAMPLES: readonly JsonValue[] = [
  { where: { name: 'first', count: 1 }, order: { count: 'ASC' }, skip: 0, take: 10 },
  {
    where: [{ id: 'a' }, { done: false, colour: 'red' }],
    order: { name: { direction: 'DESC', nulls: 'LAST' } },
  },
  { where: { tags: ['x', 'y'], meta: { a: 1 }, price: '1.5' } },
  { where: { id: { operator: 'Not', operands: [{ operator: 'Equal', operands: ['a'] }] } } },
  { order: { id: -1 }, take: 2 },
];

const structured = fc.oneof(
  { weight: 5, arbitrary: mutatedJson(SAMPLES) },
  {
    weight: 2,
    arbitrary: fc
      .dictionary(fc.constantFrom(...Object.keys(RECORDS[0]!)), jsonValues)
      .map((where) => ({ where })),
  },
  { weight: 1, arbitrary: fc.oneof(jsonValues, fc.array(strings, { maxLength: 3 })) },
);

/** The criteria and options that a web service passes on from its callers, as the JSON text that it received. */
export function criteriaTarget(
  choose = (dataSource: DataSource): Repository<Fuzzed> => dataSource.getRepository(Fuzzed),
): Target {
  return defineTarget<string>({
    name: 'criteria',
    share: 8,
    batch: 500,
    inputs: fc.oneof(
      { weight: 30, arbitrary: structured.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: nestedText(fc.constant('1')).map((text) => `{"where":{"meta":${text}}}`) },
      { weight: 1, arbitrary: nestedText(fc.constant('"a"')).map((text) => `{"where":${text}}`) },
    ),
    form: asText,
    open: async () => {
      const dataSource = new DataSource({ entities: [Fuzzed], logging: false });
      await dataSource.initialize();
      const records = dataSource.getRepository(Fuzzed);
      await records.insert(RECORDS);
      const subject = choose(dataSource);
      return {
        check: (text: string) => check(JSON.parse(text) as JsonValue, subject, records),
        unharmed: async () => {
          expectThat((await records.count()) === RECORDS.length, 'records are missing, or there are more');
        },
        close: () => dataSource.destroy(),
      };
    },
  });
}

async function check(
  input: JsonValue,
  subject: Repository<Fuzzed>,
  records: Repository<Fuzzed>,
): Promise<void> {
  // What a request body parses to has any type, and nobody has looked at it.
  const given = input as never;
  const found = (await outcomeOfPromise(() => subject.find(given)))?.value;
  const count = (await outcomeOfPromise(() => subject.count(given)))?.value;
  await outcomeOfPromise(() => subject.findOne(given));
  await outcomeOfPromise(() => subject.findOneBy(given));
  const where = isObject(input) ? input.where : undefined;
  if (found !== undefined && where !== undefined) expectThatTheyMatch(found, where);
  const by = (await outcomeOfPromise(() => subject.findBy(given)))?.value;
  if (by !== undefined) expectThatTheyMatch(by, input);
  if (found !== undefined && count !== undefined) {
    expectThat(found.length <= count, `${found.length} found of ${count}`);
  }
  const deleted = (await outcomeOfPromise(() => subject.delete(given)))?.value;
  if (deleted === undefined) return;
  const left = await records.find();
  const restored = RECORDS.filter(({ id }) => !left.some((one) => one.id === id));
  const expected = by?.map(({ id }) => id) ?? slugsIn(input);
  expectThat(
    restored.every(({ id }) => expected.includes(id!)) && (by === undefined || restored.length === by.length),
    `delete removed ${shown(restored.map(({ id }) => id))} of ${shown(expected)}`,
  );
  if (restored.length > 0) await records.insert(restored);
}

/** What a delete may remove that is no where. */
function slugsIn(input: JsonValue): readonly unknown[] {
  return Array.isArray(input) ? (input as readonly JsonValue[]) : [input];
}

/** No record is given that the criteria do not speak of, as far as a simple model can tell: of scalars. */
function expectThatTheyMatch(found: readonly Fuzzed[], where: JsonValue): void {
  const alternatives = Array.isArray(where) ? (where as readonly JsonValue[]) : [where];
  for (const record of found) {
    const fits = alternatives.some((alternative) =>
      typeof alternative === 'string'
        ? alternative === record.id
        : isObject(alternative) && meets(record, alternative),
    );
    expectThat(fits, `${shown(record.id)} does not meet ${shown(where)}`);
  }
}

function meets(record: Fuzzed, conditions: Readonly<Record<string, JsonValue>>): boolean {
  const entries = Object.entries(conditions);
  return (
    entries.length > 0 &&
    entries.every(([name, value]) => {
      const actual: unknown = Reflect.get(record, name);
      if (name === 'price' || typeof actual === 'object') return typeof value === typeof actual;
      return actual === value;
    })
  );
}
