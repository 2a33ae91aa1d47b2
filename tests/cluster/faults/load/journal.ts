/** An acknowledged write, from its first try on, in milliseconds since the Unix epoch. */
type Write = readonly [begin: number, end: number];

/** How long writes waited while something was done to the cluster. */
export interface Waits {
  /** The longest time in which nobody had a write acknowledged, in milliseconds. */
  readonly nobody: number;
  /** The longest that one client waited for one write, in milliseconds. */
  readonly one: number;
}

const SOME = 20;

/** When writes were acknowledged. */
export class Journal {
  readonly #writes: Write[] = [];

  note(begin: number): void {
    this.#writes.push([begin, Date.now()]);
  }

  get count(): number {
    return this.#writes.length;
  }

  /** Whether writes that were begun since then are acknowledged again, some of each client perhaps. */
  hasGoneOnSince(time: number): boolean {
    let count = 0;
    for (let i = this.#writes.length - 1; i >= 0 && count < SOME; i--) {
      if (this.#writes[i]![0] >= time) count++;
    }
    return count >= SOME;
  }

  /** Of the writes that were under way between two times, and are acknowledged. */
  waits(from: number, to: number): Waits {
    const within = this.#writes.filter(([begin, end]) => end >= from && begin <= to);
    const ends = within.map(([, end]) => end).sort((a, b) => a - b);
    let [nobody, last] = [0, from];
    for (const end of [...ends, to]) {
      nobody = Math.max(nobody, end - last);
      last = end;
    }
    return { nobody, one: within.reduce((most, [begin, end]) => Math.max(most, end - begin), 0) };
  }
}
