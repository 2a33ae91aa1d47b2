import type { JsonObject, JsonValue } from '../../../protocol/values/value.js';

/** A value as a cell shows it. */
export interface ShownValue {
  readonly text: string;
  /** What hovering tells, when that is more than the text. */
  readonly title?: string | undefined;
  /** How it is set: numbers stand at the right, what is absent is faint. */
  readonly look: 'text' | 'number' | 'date' | 'boolean' | 'json' | 'file' | 'absent';
}

/** Of JSON and text, what fits a cell. */
const MOST_CHARACTERS = 160;

const DATE_TYPES: ReadonlySet<string> = new Set(['date', 'datetime', 'createdAt', 'updatedAt', 'deletedAt']);
const NUMBER_TYPES: ReadonlySet<string> = new Set([
  'integer',
  'float',
  'counter',
  'version',
  'bigint',
  'decimal',
]);

const DATE_FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });

/** Whether a column of this type holds points in time, as ISO text. */
export function isDateType(type: string): boolean {
  return DATE_TYPES.has(type);
}

/** Whether a column of this type holds numbers. */
export function isNumberType(type: string): boolean {
  return NUMBER_TYPES.has(type);
}

/** A value of a column of `type`, as a cell shows it. */
export function formatValue(value: JsonValue | undefined, type: string): ShownValue {
  if (value === undefined) return { text: '', look: 'absent' };
  if (value === null) return { text: 'null', look: 'absent' };
  if (typeof value === 'boolean') return { text: String(value), look: 'boolean' };
  if (typeof value === 'number') return { text: formatNumber(value), look: 'number' };
  if (typeof value === 'string') return formatText(value, type);
  const file = fileOf(value);
  if (file) {
    return { text: `${file.name ?? 'file'}, ${formatBytes(file.size)}`, title: file.mime, look: 'file' };
  }
  if (isTextList(value)) return { ...shortened(value.join(', ')), look: 'text' };
  return { ...shortened(JSON.stringify(value)), look: 'json' };
}

/** Digits in groups from 10,000 on, so that a year stays one. */
export function formatNumber(value: number): string {
  return Math.abs(value) >= 10_000 ? GROUPED.format(value) : String(value);
}

/** A point in time for reading, by the reader's clock; undefined when the text is none. */
export function formatDate(iso: string): string | undefined {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : DATE_FORMAT.format(time);
}

/** An amount of bytes, such as `1.5 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let amount = bytes / 1000;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]!}`;
}

/** What a file's envelope says of it. */
export interface FileFacts {
  readonly name?: string | undefined;
  readonly mime?: string | undefined;
  readonly size: number;
}

/** What is known of a file, when the value refers to one. */
export function fileOf(value: JsonValue | undefined): FileFacts | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // In a record it is a DustFile, in a leaf the envelope of the protocol.
  const { _type, hash, size, filename, contentType, mime } = value as JsonObject;
  if (_type !== 'file' && !(typeof size === 'number' && typeof hash === 'string')) return undefined;
  return {
    name: textOr(filename),
    mime: textOr(contentType ?? mime ?? (value as JsonObject).content_type),
    size: typeof size === 'number' ? size : 0,
  };
}

function textOr(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function formatText(value: string, type: string): ShownValue {
  if (isDateType(type)) {
    const text = formatDate(value);
    if (text !== undefined) return { text, title: value, look: 'date' };
  }
  return { ...shortened(value), look: isNumberType(type) ? 'number' : 'text' };
}

function isTextList(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function shortened(text: string): { text: string; title?: string } {
  const line = text.slice(0, MOST_CHARACTERS + 1).replaceAll(/\s/g, ' ');
  if (line.length <= MOST_CHARACTERS) return line === text ? { text } : { text: line, title: text };
  return { text: `${line.slice(0, MOST_CHARACTERS)}…`, title: text.slice(0, 2_000) };
}
