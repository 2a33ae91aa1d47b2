import type { JsonValue } from '../../../../src/protocol/values/value.js';
import type { ColumnInfo } from '../../../../src/studio/api/messages.js';
import { controlFor, fromText, toText } from '../../../../src/studio/page/record/field-text.js';
import {
  fileOf,
  formatBytes,
  formatNumber,
  formatValue,
} from '../../../../src/studio/page/table/format-value.js';

const column = (type: string, values?: ColumnInfo['values']): ColumnInfo => ({
  property: 'p',
  type,
  required: false,
  nullable: true,
  values,
  sortable: true,
  indexed: false,
  editable: true,
});

describe('a value in a cell', () => {
  it('is set by its kind', () => {
    expect(formatValue(1859, 'integer')).toEqual({ text: '1859', look: 'number' });
    expect(formatValue('12345678901234567890', 'bigint').look).toBe('number');
    expect(formatValue(true, 'boolean')).toEqual({ text: 'true', look: 'boolean' });
    expect(formatValue(null, 'string')).toEqual({ text: 'null', look: 'absent' });
    expect(formatValue(undefined, 'string')).toEqual({ text: '', look: 'absent' });
    expect(formatValue({ a: [1] }, 'json')).toEqual({ text: '{"a":[1]}', look: 'json' });
    expect(formatValue(['a', 'b'], 'set')).toEqual({ text: 'a, b', look: 'text' });
  });

  it('is a readable date, whole when it is pointed at', () => {
    const shown = formatValue('2026-11-30T06:10:00.123Z', 'datetime');
    expect(shown).toMatchObject({ title: '2026-11-30T06:10:00.123Z', look: 'date' });
    expect(shown.text).toMatch(/2026/);
    expect(formatValue('soon', 'datetime')).toEqual({ text: 'soon', look: 'text' });
  });

  it('is shortened, and one line', () => {
    const { text, title } = formatValue(`a\n${'b'.repeat(1_000)}`, 'string');
    expect(text).toHaveLength(161);
    expect(text.startsWith('a b')).toBe(true);
    expect(title).toContain('\n');
  });

  it('is what a file is called', () => {
    const file = {
      hash: 'sha256:0',
      size: 2_048,
      filename: 'cover.png',
      contentType: 'image/png',
      uploadedAt: '',
    };
    expect(formatValue(file, 'file')).toEqual({
      text: 'cover.png, 2.0 kB',
      title: 'image/png',
      look: 'file',
    });
    expect(fileOf({ size: 1 })).toBeUndefined();
    expect(fileOf(['a'])).toBeUndefined();
  });

  it('has digits in groups, and bytes in units', () => {
    expect([formatNumber(9_999), formatNumber(1_234_567.25)]).toEqual(['9999', '1,234,567.25']);
    expect([formatBytes(999), formatBytes(1_500), formatBytes(25_000_000)]).toEqual([
      '999 B',
      '1.5 kB',
      '25 MB',
    ]);
  });
});

describe('a field of the form', () => {
  it.each<[string, JsonValue | undefined, string]>([
    ['string', 'a', 'text'],
    ['slug', 'a', 'text'],
    ['integer', 1, 'number'],
    ['decimal', '1.5', 'number'],
    ['datetime', '2026-01-01T00:00:00Z', 'date'],
    ['boolean', true, 'boolean'],
    ['json', { a: 1 }, 'json'],
    ['json', 'text in JSON', 'json'],
    ['set', ['a'], 'json'],
    ['a type of tomorrow', 'a', 'text'],
    ['a type of tomorrow', undefined, 'json'],
  ])('of %s with %p is edited as %3$s', (type, value, control) => {
    expect(controlFor(column(type), value)).toBe(control);
  });

  it.each<[string, JsonValue]>([
    ['string', 'a "b"'],
    ['json', { a: [1, null] }],
    ['json', 'text'],
    ['boolean', false],
    ['datetime', '2026-01-01T00:00:00.000Z'],
  ])('of %s gives back %p', (type, value) => {
    const control = controlFor(column(type), value);
    expect(fromText(toText(value, control), control, column(type))).toEqual({ value });
  });

  it('sends numbers as they are typed, and enums as they are declared', () => {
    expect(fromText(' 12 ', 'number', column('integer'))).toEqual({ value: '12' });
    expect(fromText('2', 'enum', column('enum', [1, 2]))).toEqual({ value: 2 });
    expect(fromText(null, 'text', column('string'))).toEqual({ value: null });
  });

  it('says what is no JSON', () => {
    expect(fromText('{', 'json', column('json'))).toEqual({ problem: expect.stringContaining('no JSON') });
    expect(fromText('[9007199254740993]', 'json', column('json'))).toEqual({
      problem: expect.stringContaining('9007199254740993, which JavaScript does not hold exactly'),
    });
  });
});
