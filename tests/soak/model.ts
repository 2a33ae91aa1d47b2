/** What a record holds, as far as the trial looks. */
export interface Content {
  readonly text: string;
  readonly count: number;
}

/** What a record may hold: one content, or none; several where nobody knows whether a write was committed. */
export type Candidates = readonly (Content | null)[];

/** What was acknowledged, by id: the naive copy that the store must be equal to at the end. */
export class Model {
  readonly #records = new Map<string, Candidates>();

  /** What the record may hold now. */
  at(id: string): Candidates {
    return this.#records.get(id) ?? [null];
  }

  /** A write was acknowledged, and `change` says what it did to the record. */
  acknowledge(id: string, change: (content: Content | null) => Content | null): void {
    this.#records.set(id, this.at(id).map(change));
  }

  /** A write failed so that nobody knows whether it was committed. */
  doubt(id: string, change: (content: Content | null) => Content | null): void {
    this.#records.set(id, [...this.at(id), ...this.at(id).map(change)]);
  }

  /** A read that tells what a record holds settles what was in doubt. Returns whether that can be. */
  settle(id: string, content: Content | null): boolean {
    const fits = this.at(id).some((candidate) => same(candidate, content));
    this.#records.set(id, [content]);
    return fits;
  }

  /** What the store holds and may not, or does not hold and must, in words. */
  differences(actual: ReadonlyMap<string, Content>): string[] {
    const ids = new Set([...this.#records.keys(), ...actual.keys()]);
    return [...ids].flatMap((id) => {
      const found = actual.get(id) ?? null;
      if (this.at(id).some((candidate) => same(candidate, found))) return [];
      return [`${id}: acknowledged ${JSON.stringify(this.at(id))}, found ${JSON.stringify(found)}`];
    });
  }
}

function same(a: Content | null, b: Content | null): boolean {
  return a === b || (a !== null && b !== null && a.text === b.text && a.count === b.count);
}
