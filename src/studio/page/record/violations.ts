import type { ColumnInfo, Violation } from '../../api/messages.js';

/** Messages by property: what is about a part of a field that the form shows whole, such as an element of a list, stands at that field. */
export function byProperty(
  violations: readonly Violation[],
  columns: readonly Pick<ColumnInfo, 'property'>[],
): Map<string, readonly string[]> {
  const messages = new Map<string, string[]>();
  for (const { property, messages: own } of violations) {
    const field = fieldOf(property, columns);
    const part = property.slice(field.length + 1);
    const told = part === '' ? own : own.map((message) => `${part}: ${message}`);
    messages.set(field, [...(messages.get(field) ?? []), ...told]);
  }
  return messages;
}

/** The property itself where there is no field that it is a part of. */
function fieldOf(property: string, columns: readonly Pick<ColumnInfo, 'property'>[]): string {
  for (let at = property; ; at = at.slice(0, at.lastIndexOf('.'))) {
    if (columns.some((column) => column.property === at)) return at;
    if (!at.includes('.')) return property;
  }
}
