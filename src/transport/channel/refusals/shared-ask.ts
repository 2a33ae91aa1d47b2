/** Asks the same of a server for all who want to know it. Each is told what was asked for after it came. */
export class SharedAsk<T> {
  readonly #send: () => Promise<T>;
  #underWay: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  /** @param send asks once */
  constructor(send: () => Promise<T>) {
    this.#send = send;
  }

  /** What the server says from now on. @throws what `send` throws */
  ask(): Promise<T> {
    if (this.#underWay === undefined) return this.#begin();
    // What is under way may have been answered before.
    this.#next ??= this.#afterThis(this.#underWay);
    return this.#next;
  }

  #begin(): Promise<T> {
    const asked = this.#send().finally(() => {
      if (this.#underWay === asked) this.#underWay = undefined;
    });
    this.#underWay = asked;
    return asked;
  }

  async #afterThis(underWay: Promise<T>): Promise<T> {
    await underWay.catch(() => undefined);
    this.#next = undefined;
    return this.#begin();
  }
}
