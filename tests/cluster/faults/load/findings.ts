/** How often something was done, and what was not as it must be. */
export class Findings {
  readonly counts: Record<string, number> = {};
  readonly violations: string[] = [];
  /** What shows a violation, by its name: histories. */
  readonly evidence: Record<string, unknown> = {};

  count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by;
  }

  /** The first ones are enough. */
  violation(text: string, evidence?: unknown): void {
    this.count('violations');
    if (this.violations.length >= MOST) return;
    this.violations.push(text);
    if (evidence !== undefined) this.evidence[text] = evidence;
  }
}

const MOST = 50;

/** What clients know of the sum of increments at a path. */
export class Sums {
  readonly #known = new Map<string, { acknowledged: number; unsure: number }>();

  acknowledged(path: string): void {
    this.#at(path).acknowledged++;
  }

  unsure(path: string): void {
    this.#at(path).unsure++;
  }

  /** Compares with what is there. */
  judge(valueAt: (path: string) => unknown, findings: Findings): void {
    for (const [path, { acknowledged, unsure }] of this.#known) {
      const value = Number(valueAt(path) ?? 0);
      findings.count('increments acknowledged', acknowledged);
      findings.count('increments in doubt', unsure);
      if (value < acknowledged) {
        findings.violation(
          `${path} is ${value}, and ${acknowledged} increments were acknowledged: some are lost`,
        );
      } else if (value > acknowledged + unsure) {
        findings.violation(
          `${path} is ${value}, and ${acknowledged} increments were acknowledged, ${unsure} in doubt: some count twice`,
        );
      }
    }
  }

  #at(path: string): { acknowledged: number; unsure: number } {
    const known = this.#known.get(path) ?? { acknowledged: 0, unsure: 0 };
    this.#known.set(path, known);
    return known;
  }
}
