import fc from 'fast-check';
import {
  formatDumpHeader,
  formatDumpLine,
  isDumpHeader,
  parseDump,
  parseDumpLine,
} from '../../../../src/protocol/wire/dump.js';
import { toJson } from '../../../../src/protocol/values/json.js';
import { renderPath } from '../../../../src/protocol/paths/path.js';
import type { JsonValue, LeafType } from '../../../../src/protocol/values/value.js';
import { isMap, leafTypeOf } from '../../../../src/protocol/values/value.js';

describe('a dump', () => {
  it('reads back as it was written, one line for each leaf', () => {
    const segment = fc.string({ unit: 'grapheme', minLength: 1 });
    const leaves = fc.record({
      path: fc.array(segment, { minLength: 1, maxLength: 4 }).map(renderPath),
      value: fc.jsonValue().filter((value) => {
        const result = toJson(value);
        return 'value' in result && !isMap(result.value);
      }),
    });
    fc.assert(
      fc.property(leaves, ({ path, value }) => {
        const leaf = { path, value: value as JsonValue, type: leafTypeOf(value as JsonValue) };
        const line = formatDumpLine(leaf);
        expect(line).not.toContain('\n');
        expect(JSON.stringify(parseDumpLine(line, 1))).toBe(JSON.stringify(leaf));
      }),
    );
  });

  it.each<[LeafType, JsonValue]>([
    ['string', 'x'],
    ['string', [1]],
    ['integer', 1],
    ['float', 1],
    ['counter', 1.5],
    ['boolean', false],
    ['null', null],
    ['set', []],
    ['file', { _type: 'file', hash: 'x' }],
    ['lease', { _type: 'lease' }],
    ['map', { _typed: 1, _type: 'custom' }],
    ['map', '1.50'],
    ['decimal', { _typed: '1', _type: 'decimal' }],
    ['datetime', '2026-01-02T03:04:05Z'],
  ])('takes %s: %j', (type, value) => {
    const leaf = { path: 'a', value, type };
    expect(parseDump([formatDumpHeader(), formatDumpLine(leaf)])).toEqual([leaf]);
  });

  it.each<[LeafType, JsonValue]>([
    ['string', 1],
    ['integer', '1'],
    ['boolean', 0],
    ['null', 0],
    ['set', 'x'],
    ['file', 'x'],
    ['map', 1],
    ['decimal', 1],
    ['string', {}],
  ])('refuses %s: %j', (type, value) => {
    expect(() => parseDumpLine(formatDumpLine({ path: 'a', value, type }), 7)).toThrow(
      /^Line 7 of the dump /,
    );
  });

  it('has a header that tells the store and the seq', () => {
    const line = formatDumpHeader({ store: 'acme/demo', store_seq: 9 });
    const header = parseDumpLine(line, 1);
    expect(isDumpHeader(header)).toBe(true);
    expect(header).toEqual({ _header: true, path_schema_version: 3, store: 'acme/demo', store_seq: 9 });
  });

  it('may lack the header, and empty lines count for nothing', () => {
    expect(parseDump([])).toEqual([]);
    expect(parseDump(['', '{"path":"a","value":1,"type":"integer"}\r', ' '])).toHaveLength(1);
  });

  it.each(['{"_header":false,"path_schema_version":3}', '{"_header":true}', 'null', '{"path":1}'])(
    'refuses the line %s',
    (line) => {
      expect(() => parseDump(['', line])).toThrow(
        expect.objectContaining({
          kind: 'invalid_params',
          detail: 'invalid_dump',
          message: expect.stringMatching(/^Line 2 /),
        }),
      );
    },
  );

  it.each([
    '{"path":"a","value":9007199254740993,"type":"integer"}',
    '{"path":"a","value":[{"n":-12345678901234567890}],"type":"string"}',
  ])('refuses a whole number that would come to be another one: %s', (line) => {
    expect(() => parseDumpLine(line, 3)).toThrow(
      expect.objectContaining({
        kind: 'invalid_params',
        detail: 'invalid_dump',
        message: expect.stringMatching(/^Line 3 of the dump holds the whole number -?\d+, which JavaScript/),
      }),
    );
  });

  it('takes __proto__ for the property it is', () => {
    const line = '{"path":"a","value":[{"__proto__":1}],"type":"string","__proto__":{"x":1}}';
    expect(JSON.stringify(parseDumpLine(line, 1))).toContain('[{"__proto__":1}]');
  });
});
