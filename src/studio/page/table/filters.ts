import type { ColumnInfo, Filter } from '../../api/messages.js';
import { isDateType, isNumberType } from './format-value.js';

/** How a condition compares. */
export type Operator = Filter['operator'];

/** What each operator is called. */
export const OPERATOR_NAMES: Readonly<Record<Operator, string>> = {
  is: 'is',
  isNot: 'is not',
  contains: 'contains',
  startsWith: 'starts with',
  less: 'is less than',
  greater: 'is greater than',
  isNull: 'is null',
  isNotNull: 'is not null',
};

/** Whether a condition compares with a value. */
export function takesValue(operator: Operator): boolean {
  return operator !== 'isNull' && operator !== 'isNotNull';
}

/** The operators that make sense for a column, the likeliest first. */
export function operatorsFor({ type, nullable, required }: ColumnInfo): Operator[] {
  const absent: Operator[] = nullable || !required ? ['isNull', 'isNotNull'] : [];
  if (type === 'boolean' || type === 'enum') return ['is', 'isNot', ...absent];
  if (isDateType(type) || isNumberType(type)) return ['is', 'isNot', 'less', 'greater', ...absent];
  return ['contains', 'startsWith', 'is', 'isNot', 'less', 'greater', ...absent];
}

/** The filters with one on its property put in place of the one there, or behind the others. */
export function withFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  const at = filters.findIndex(({ property }) => property === filter.property);
  return at < 0 ? [...filters, filter] : filters.map((other, i) => (i === at ? filter : other));
}

/** The filters without those on a property. */
export function withoutFilter(filters: readonly Filter[], property: string): Filter[] {
  return filters.filter((filter) => filter.property !== property);
}

/** A filter in words, such as `pages is less than 100`. */
export function describeFilter({ property, operator, value }: Filter): string {
  const compared = takesValue(operator) ? [value === undefined || value === '' ? '""' : value] : [];
  return [property, OPERATOR_NAMES[operator], ...compared].join(' ');
}

/** The order that a click on a header leads to: ascending, descending, none. */
export function nextOrder(
  order: { property: string; direction: 'asc' | 'desc' } | undefined,
  property: string,
): { property: string; direction: 'asc' | 'desc' } | undefined {
  if (order?.property !== property) return { property, direction: 'asc' };
  return order.direction === 'asc' ? { property, direction: 'desc' } : undefined;
}
