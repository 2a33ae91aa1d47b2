import { types } from 'node:util';
import { isFindOperator } from './find-operator.js';

const MAX_LENGTH = 300;

/** Criteria as one would write them, for error messages: `{ slug: In(["a", "b"]) }`. Cut off when they are long. */
export function describeCriteria(criteria: unknown): string {
  const text = criteriaText(criteria);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** As {@link describeCriteria}, however long. */
export function criteriaText(criteria: unknown): string {
  return written(criteria, []);
}

function written(value: unknown, ancestors: readonly unknown[]): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (ancestors.includes(value)) return '…';
  const inner = [...ancestors, value];
  if (isFindOperator(value)) {
    return `${value.operator}(${value.operands.map((operand) => written(operand, inner)).join(', ')})`;
  }
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (types.isUint8Array(value)) return `${value.length} bytes`;
  if (Array.isArray(value)) return `[${value.map((item) => written(item, inner)).join(', ')}]`;
  const properties = Object.entries(value).map(([name, item]) => `${name}: ${written(item, inner)}`);
  return `{ ${properties.join(', ')} }`;
}
