/** Holds a value until it is taken out. */
interface Slot<V> {
  value: V | undefined;
}

/**
 * A map for what comes and goes thousands of times a second. V8 links each table that a Map has outgrown to the next one,
 * so that after a full garbage collection everything that ever was in them is copied along until the following one: a
 * client that writes without a pause spent a fifth of its time on that. Here an outgrown table holds empty slots.
 */
export class TransientMap<K, V extends object> {
  readonly #slots = new Map<K, Slot<V>>();

  /** The number of values. */
  get size(): number {
    return this.#slots.size;
  }

  /** Whether there is a value. */
  has(key: K): boolean {
    return this.#slots.has(key);
  }

  /** The value; undefined when there is none. */
  get(key: K): V | undefined {
    return this.#slots.get(key)?.value;
  }

  /** Puts a value in the place of the one that is there, if any. */
  set(key: K, value: V): void {
    this.#slots.set(key, { value });
  }

  /** Takes the value out; undefined when there is none. */
  take(key: K): V | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    const { value } = slot;
    slot.value = undefined;
    this.#slots.delete(key);
    return value;
  }

  /** Returns whether there was a value. */
  delete(key: K): boolean {
    return this.take(key) !== undefined;
  }

  /** In the order they were first set. */
  keys(): Iterable<K> {
    return this.#slots.keys();
  }

  /** In the order of their keys. */
  *values(): Generator<V, void, undefined> {
    for (const { value } of this.#slots.values()) if (value !== undefined) yield value;
  }

  clear(): void {
    for (const slot of this.#slots.values()) slot.value = undefined;
    this.#slots.clear();
  }
}
