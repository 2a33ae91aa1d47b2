/** What happened in a run, in order. Rendered only when somebody wants to read it. */
export class Trace {
  readonly #lines: {
    readonly at: number;
    readonly who: string;
    readonly what: string;
    readonly detail?: unknown;
  }[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(who: string, what: string, detail?: unknown): void {
    this.#lines.push({ at: this.#now(), who, what, detail });
  }

  /** How often something happened. */
  count(what: string): number {
    return this.#lines.filter((line) => line.what === what).length;
  }

  render(): string {
    return this.#lines
      .map(({ at, who, what, detail }) => {
        const said = detail === undefined ? '' : ` ${JSON.stringify(detail)}`;
        return `${String(at).padStart(7)} ${who.padEnd(8)} ${what}${said}`;
      })
      .join('\n');
  }
}
