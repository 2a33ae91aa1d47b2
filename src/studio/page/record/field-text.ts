import { roundedInteger } from '../../../protocol/values/long-integers.js';
import type { JsonValue } from '../../../protocol/values/value.js';
import type { ColumnInfo } from '../../api/messages.js';
import { isDateType, isNumberType } from '../table/format-value.js';

/** What a field is edited with. */
export type FieldControl = 'text' | 'number' | 'date' | 'boolean' | 'enum' | 'json';

const TEXT_TYPES: ReadonlySet<string> = new Set(['string', 'slug', 'ref', 'bytes']);

/** What a column is edited with. What it holds now decides for types that are not known. */
export function controlFor({ type, values }: ColumnInfo, value?: JsonValue): FieldControl {
  if (Array.isArray(value)) return 'json';
  if (type === 'boolean') return 'boolean';
  if (type === 'enum' && values) return 'enum';
  if (isDateType(type)) return 'date';
  if (isNumberType(type)) return 'number';
  if (TEXT_TYPES.has(type)) return 'text';
  return typeof value === 'string' && type !== 'json' ? 'text' : 'json';
}

/** A value as text to edit; null when there is none. */
export function toText(value: JsonValue | undefined, control: FieldControl): string | null {
  if (value === undefined || value === null) return null;
  if (control === 'json') return JSON.stringify(value, null, 2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is written for a text, or why it cannot be. */
export type ReadText = { readonly value: JsonValue } | { readonly problem: string };

/** The value that is sent for an edited text. The studio's process reads text as the property's type and checks it. */
export function fromText(text: string | null, control: FieldControl, column: ColumnInfo): ReadText {
  if (text === null) return { value: null };
  switch (control) {
    case 'json':
      return parseJson(text);
    case 'boolean':
      return { value: text === 'true' };
    case 'enum':
      return { value: column.values?.find((value) => String(value) === text) ?? text };
    case 'number':
    case 'date':
      return { value: text.trim() };
    case 'text':
      return { value: text };
  }
}

/** JSON as somebody types it. */
export function parseJson(text: string): ReadText {
  try {
    const value = JSON.parse(text) as JsonValue;
    const rounded = roundedInteger(text);
    return rounded === undefined ? { value } : { problem: `This holds ${rounded}.` };
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
