import type { Waits } from './load/journal.js';

/** How long writes waited for each kind of fault, the longest of all times it was done. */
export class Pauses {
  readonly #rows = new Map<string, { times: number; nobody: number; one: number }>();

  note(fault: string, { nobody, one }: Waits): void {
    const row = this.#rows.get(fault) ?? { times: 0, nobody: 0, one: 0 };
    this.#rows.set(fault, {
      times: row.times + 1,
      nobody: Math.max(row.nobody, nobody),
      one: Math.max(row.one, one),
    });
  }

  /** As Markdown has tables. */
  get table(): string {
    const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
    const lines = [...this.#rows].map(
      ([fault, { times, nobody, one }]) => `| ${fault} | ${times} | ${seconds(nobody)} | ${seconds(one)} |`,
    );
    return [
      '| fault | times | longest time without an acknowledged write | longest that one client waited for one write |',
      '| --- | ---: | ---: | ---: |',
      ...lines,
    ].join('\n');
  }
}
