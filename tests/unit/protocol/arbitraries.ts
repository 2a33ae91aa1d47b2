import fc from 'fast-check';
import { renderPath } from '../../../src/protocol/paths/path.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { setOwn } from '../../../src/protocol/values/value.js';

const NASTY = [
  '__proto__',
  'constructor',
  'toString',
  '*',
  '**',
  '\\*',
  '\\**',
  '~',
  '~0',
  '/',
  '.',
  '..',
  ' ',
];
const EDGES = [
  '\u0000',
  '!',
  '-',
  '.',
  '0',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{1f600}',
  '\u{10ffff}',
];

/** Non-empty well-formed strings, leaning to the ones that break things. */
export const segment = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '~', '1', ...EDGES), minLength: 1, maxLength: 4 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter((text) => text.isWellFormed()),
);

export const segments = fc.array(segment, { minLength: 1, maxLength: 5 });

export const path = segments.map(renderPath);

/** JSON values as users pass them, with object keys that are not empty. */
export const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue; map: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, '', 'text', 0, -1, 1.5, 9e20),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('map'),
  ),
  map: fc
    .array(fc.tuple(fc.oneof(segment, fc.constantFrom('_type', '_typed')), tie('value')), { maxLength: 4 })
    .map(objectOf),
})).value;

function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  const result: Record<string, JsonValue> = {};
  for (const [key, value] of entries) setOwn(result, key, value);
  return result;
}
