import { inspect } from 'node:util';

/** Everything that a logger could make of `value`: printed, serialised, walked property by property. */
export function serialisations(value: unknown): string[] {
  return [
    String(value),
    inspect(value),
    inspect(value, {
      showHidden: true,
      depth: Infinity,
      getters: true,
      maxArrayLength: null,
      maxStringLength: null,
    }),
    JSON.stringify(value) ?? '',
    ...walk(value, new Set()),
  ];
}

/** All strings and keys within reach: own properties, hidden ones, symbols, accessors, maps, sets, prototypes. */
function walk(value: unknown, seen: Set<unknown>): string[] {
  if (typeof value === 'string') return [value];
  if (ArrayBuffer.isView(value)) {
    return [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')];
  }
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) {
    return [];
  }
  seen.add(value);
  const found: string[] = [];
  if (value instanceof Map || value instanceof Set) {
    for (const item of value as Iterable<unknown>) found.push(...walk(item, seen));
  }
  for (const key of Reflect.ownKeys(value)) {
    found.push(String(key), ...walk(read(value, key), seen));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof value === 'object' && !isNative(prototype)) found.push(...walk(prototype, seen));
  return found;
}

function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

/** Prototypes of the platform lead to everything the process holds. */
function isNative(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null) return true;
  const { constructor } = prototype;
  return (
    typeof constructor !== 'function' ||
    constructor === Object ||
    String(constructor).includes('[native code]')
  );
}
