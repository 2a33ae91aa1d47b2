import { buildEntityMetadata } from '../../../../src/metadata/build-entity-metadata.js';
import type { FindPageOptions } from '../../../../src/query/index.js';
import { compilePageQuery, Equal } from '../../../../src/query/index.js';
import { Money } from './model/leaves.js';
import type { Row } from './model/row-class.js';
import { defineRow } from './model/row-class.js';

const metadata = buildEntityMetadata(
  defineRow({ prefix: ['rows'], mode: 'flat', indexes: [], hasNestedIndex: false }),
);
const compile = (options: object) => compilePageQuery(metadata, options as FindPageOptions<Row>);

it.each<[string, string | number | bigint | boolean | Uint8Array | null]>([
  ['str', '😀"\0'],
  ['str', ''],
  ['int', -3],
  ['flt', 5e-324],
  ['boo', false],
  ['dat', Date.UTC(2020, 0, 1)],
  ['big', -(10n ** 30n)],
  ['dec', '-1.50'],
  ['byt', Uint8Array.of(0, 255)],
  ['byt', Uint8Array.of()],
  ['int', null],
])('a cursor keeps a place by %s: %p', (name, value) => {
  const order = { [name]: 'DESC' };
  const place = { slug: 'a/b😀', values: [value] };
  const cursor = compile({ order }).cursorAt(place);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(compile({ order, after: cursor, take: 3 }).after).toEqual(place);
});

const cursor = compile({ where: { int: 1 }, order: { str: 'ASC' } }).cursorAt({ slug: 'a', values: ['x'] });

it.each<[string, object]>([
  ['where', { where: { int: 2 }, order: { str: 'ASC' } }],
  ['order', { where: { int: 1 }, order: { str: 'DESC' } }],
  ['place of null', { where: { int: 1 }, order: { str: { direction: 'ASC', nulls: 'FIRST' } } }],
])('a cursor of a query with another %s is refused', (_, options) => {
  expect(() => compile({ ...options, after: cursor })).toThrow(
    expect.objectContaining({ kind: 'invalid_options', detail: 'invalid_cursor' }),
  );
});

it.each<[string, unknown, unknown]>([
  ['bytes', { byt: Equal(Uint8Array.of(1)) }, { byt: Equal(Uint8Array.of(2)) }],
  ['values behind a transformer', { mon: Equal(hidden(1)) }, { mon: Equal(hidden(2)) }],
])('a cursor is one of the very %s that were asked for', (_, where, other) => {
  const after = compile({ where }).cursorAt({ slug: 'a', values: [] });
  expect(compile({ where, after }).after).toEqual({ slug: 'a', values: [] });
  expect(() => compile({ where: other, after })).toThrow(
    expect.objectContaining({ detail: 'invalid_cursor' }),
  );
});

/** Shows nothing of what it holds. */
function hidden(cents: number): Money {
  return Object.create(Money.prototype, { cents: { value: cents } }) as Money;
}

const fingerprint = (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[])[0];

it.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', 'abcd'],
  ['a number', 7],
  ['half of one', cursor.slice(0, cursor.length / 2)],
  ...[
    [fingerprint, 'a'],
    [fingerprint, 'a', 'x', 'y'],
    [fingerprint, '', 'x'],
    [fingerprint, 7, 'x'],
    [fingerprint, 'a', { n: '1.5' }],
    [fingerprint, 'a', { n: '9'.repeat(5000) }],
    [fingerprint, 'a', { b: '?' }],
    [fingerprint, 'a', ['x']],
    [],
  ].map((parts): [string, string] => [
    JSON.stringify(parts).slice(0, 60),
    Buffer.from(JSON.stringify(parts)).toString('base64url'),
  ]),
])('what is no cursor is refused: %s', (_, after) => {
  expect(() => compile({ where: { int: 1 }, order: { str: 'ASC' }, after })).toThrow(
    expect.objectContaining({ kind: 'invalid_options', detail: 'invalid_cursor' }),
  );
});
