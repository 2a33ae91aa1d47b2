import fc from 'fast-check';
import { ShapeExceeded } from '../../../src/protocol/values/shape.js';
import { TypedJson } from '../../../src/server/http/typed-json.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

const typesOf = (text: string): unknown => {
  const types = TypedJson.parse(text).leafTypes('r');
  return types === undefined ? undefined : Object.fromEntries(types);
};

test.each([
  ['1', undefined],
  ['1.5', undefined],
  ['1e21', undefined],
  ['9007199254740991', undefined],
  ['1.0', { r: 'float' }],
  ['-0.0', { r: 'float' }],
  ['1e2', { r: 'float' }],
  ['9007199254740993', { r: 'integer' }],
  ['-123456789012345678901234567890', { r: 'integer' }],
  ['{"a":1.0,"b":{"c":2,"d/e":3.0}}', { 'r/a': 'float', 'r/b/d~1e': 'float' }],
  ['{"a":1.0,"a":1}', undefined],
  ['{"__proto__":1.0}', { 'r/__proto__': 'float' }],
  ['[1.0, {"a": 2.0}]', undefined],
  ['{"_typed":1.0,"_type":"custom"}', undefined],
  ['"1.0"', undefined],
  ['"\\\\"', undefined],
  [String.raw`{"a\"1.0":"\\","b":2.0,"c":"\"3.0"}`, { 'r/b': 'float' }],
])('%s', (text, types) => {
  expect(typesOf(text)).toEqual(types);
  expect(TypedJson.parse(text).value).toEqual(JSON.parse(text));
});

test.each(['{nope', '', '1.0.0', '{"a":01}', '"'])('malformed: %s', (text) => {
  expect(() => TypedJson.parse(text)).toThrow(SyntaxError);
});

test('the value is what JSON.parse gives, and telling numbers are found wherever they stand', () => {
  const number = fc.oneof(
    fc.integer().map((n) => [`${n}.0`, 'float'] as const),
    fc.integer().map((n) => [`${n}`, undefined] as const),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 100n }).map((n) => [`${n}`, 'integer'] as const),
    fc.string().map((s) => [JSON.stringify(s), undefined] as const),
    fc
      .json()
      .filter((text) => !/^[{\d-]/.test(text))
      .map((text) => [text, undefined] as const),
  );
  const records = fc.dictionary(fc.string({ minLength: 1 }), number, { maxKeys: 8 });
  fc.assert(
    fc.property(records, fc.constantFrom('', ' ', '\n'), (record, space) => {
      const text = `{${Object.entries(record)
        .map(([key, [value]]) => `${JSON.stringify(key)}${space}:${space}${value}`)
        .join(`,${space}`)}}`;
      const parsed = TypedJson.parse(text);
      expect(parsed.value).toEqual(JSON.parse(text));
      for (const [key, [, type]] of Object.entries(record)) {
        const path = `r/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        expect(parsed.leafTypes('r')?.get(path)).toBe(type);
        expect(parsed.at(key).leafTypes('x')?.get('x')).toBe(type);
      }
    }),
  );
});

test('any JSON text is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(TypedJson.parse(text).value).toEqual(JSON.parse(text));
    }),
  );
});

test('nesting beyond what a store takes costs no stack', () => {
  const text = (depth: number): string => `${'{"a":'.repeat(depth)}1.0${'}'.repeat(depth)}`;
  expect(TypedJson.parse(text(520)).leafTypes('r')).toBeUndefined();
  expect(() => TypedJson.parse(text(521))).toThrow(ShapeExceeded);
  expect(() => TypedJson.parse(text(100_000))).toThrow(ShapeExceeded);
});

test('a float stays one through each route that writes', async () => {
  const { ask, store } = await start();
  const headers = { 'content-type': 'application/json' };
  await ask('PUT', '/entries/a', { raw: '{"x":1.0,"y":1}', headers });
  await ask('PUT', '/entries/b', { raw: '{"_json":2.0}', headers });
  await ask('POST', '/entries', { raw: '{"path":"c","value":{"x":3.0}}', headers });
  const ops = '[{"op":"set","path":"d","value":4},{"op":"set","path":"e","value":5.0}]';
  await ask('POST', '/entries/batch_write', { raw: `{"ops":${ops}}`, headers });
  const types = store.list({ pattern: '**' }).items.map(({ path, type }) => `${path} ${type}`);
  expect(types).toEqual(['a/x float', 'a/y integer', 'b float', 'c/x float', 'd integer', 'e float']);
});
