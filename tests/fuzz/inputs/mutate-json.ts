import type { JsonObject, JsonValue } from '../../../src/protocol/values/value.js';
import { isObject, setOwn } from '../../../src/protocol/values/value.js';

/** What a mutation does to one value inside a JSON value, or to the key that it stands at. */
export const JSON_MUTATION_KINDS = ['replace', 'remove', 'rename', 'wrap', 'add', 'repeat'] as const;

/** One change of a JSON value; `node` is taken modulo the number of values in it. */
export interface JsonMutation {
  readonly kind: (typeof JSON_MUTATION_KINDS)[number];
  readonly node: number;
  readonly value: JsonValue;
  readonly key: string;
}

/** What a change makes of a value: at its place stands nothing, or another value, maybe under another key. */
interface Change {
  readonly value?: JsonValue;
  readonly key?: string;
}

/** A changed copy; undefined when nothing is left. */
export function mutateJson(json: JsonValue, mutation: JsonMutation): JsonValue | undefined {
  const target = mutation.node % countNodes(json);
  let node = 0;
  const visit = (value: JsonValue): Change => {
    if (node++ === target) return changed(value, mutation);
    if (Array.isArray(value)) return { value: visitArray(value as readonly JsonValue[]) };
    return { value: isObject(value) ? visitObject(value) : value };
  };
  const visitArray = (items: readonly JsonValue[]): JsonValue =>
    items.flatMap((item) => {
      const { value } = visit(item);
      return value === undefined ? [] : [value];
    });
  const visitObject = (object: JsonObject): JsonObject => {
    const result: Record<string, JsonValue> = {};
    for (const [key, item] of Object.entries(object)) {
      const { value, key: renamed = key } = visit(item);
      if (value !== undefined) setOwn(result, renamed, value);
    }
    return result;
  };
  return visit(json).value;
}

function changed(value: JsonValue, { kind, value: other, key }: JsonMutation): Change {
  switch (kind) {
    case 'replace':
      return { value: other };
    case 'remove':
      return {};
    case 'rename':
      return { value, key };
    case 'wrap':
      return { value: Array.isArray(other) ? [value] : { [key]: value } };
    case 'repeat':
      return { value: [value, value, value] };
    case 'add':
      if (Array.isArray(value)) return { value: [...(value as readonly JsonValue[]), other] };
      return { value: isObject(value) ? { ...value, [key]: other } : other };
  }
}

function countNodes(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, item: JsonValue) => sum + countNodes(item), 1);
}
