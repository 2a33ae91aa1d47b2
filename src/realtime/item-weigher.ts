import { weightOf } from '../protocol/values/weight.js';

/** Bytes of an object, and of a member beside its name and its value. */
const [OBJECT, MEMBER] = [8, 4];

/**
 * Counts about how many bytes things hold that wait side by side. What several of them hold in common is counted where it is met first, as
 * lists of a live query have the entities in common that did not change.
 */
export class ItemWeigher {
  #seen = new WeakSet();

  /** About how many bytes wait with this item that did not before. */
  weigh(item: unknown): number {
    let weight = 0;
    const open = [item];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value !== 'object' || value === null) {
        weight += weightOf(value);
      } else if (!this.#seen.has(value)) {
        this.#seen.add(value);
        weight += OBJECT + openUp(value, open);
      }
    }
    return weight;
  }

  /** Nothing waits any more. */
  forget(): void {
    this.#seen = new WeakSet();
  }
}

/** Puts what an object holds beside what is still to be weighed; answers with the bytes of the rest. */
function openUp(value: object, open: unknown[]): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) open.push(item);
    return 0;
  }
  if (value instanceof Map) {
    for (const [key, member] of value) open.push(key, member);
    return value.size * MEMBER;
  }
  let weight = 0;
  for (const [key, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    weight += key.length + MEMBER;
    open.push(member);
  }
  return weight;
}
