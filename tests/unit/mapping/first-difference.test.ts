import { firstDifference } from '../../../src/mapping/schemas/first-difference.js';

const at = new Date(0);

it.each([
  ['the same', 'x', 'x'],
  ['no number', NaN, NaN],
  ['zeros', 0, -0],
  ['null and undefined', null, undefined],
  ['what was left out', { a: 1, b: 2 }, { a: 1 }],
  ['what has no value', { a: 1 }, { a: 1, b: undefined }],
  ['copies', { a: [{ b: at }], c: Uint8Array.of(1) }, { a: [{ b: new Date(0) }], c: Buffer.of(1) }],
  ['a plain object for an instance', Object.assign(new (class A {})(), { a: 1 }), { a: 1 }],
  ['dates that are none', new Date(NaN), new Date(NaN)],
])('says nothing of %s', (_, given, made) => {
  expect(firstDifference(given, made)).toBeUndefined();
});

it.each([
  ['another value', 'x', 'y', []],
  ['a value for none', undefined, 'y', []],
  ['none for a value', 'x', undefined, []],
  ['a default', { a: 1 }, { a: 1, b: 2 }, ['b']],
  ['another member', { a: { b: 1 } }, { a: { b: 2 } }, ['a', 'b']],
  ['another item', { a: [1, 2] }, { a: [1, 3] }, ['a', 1]],
  ['fewer items', [1, 2], [1], []],
  ['a list for an object', { 0: 1 }, [1], []],
  ['an object for a list', [1], { 0: 1 }, []],
  ['text for a date', at, '1970-01-01', []],
  ['another date', at, new Date(1), []],
  ['an object for a date', at, {}, []],
  ['other bytes', Uint8Array.of(1), Uint8Array.of(2), []],
])('tells where there is %s', (_, given, made, path) => {
  expect(firstDifference(given, made)).toEqual(path);
});
