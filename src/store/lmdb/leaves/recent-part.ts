import { compareNames } from './compare-names.js';
import type { GroupDraft } from './group-draft.js';
import type { Base } from './group-key.js';

/** A part of a split group of which both ends are known: leaves that are written in their order need no search. */
export class RecentPart {
  readonly part: GroupDraft;
  readonly #low: string;
  readonly #high: string | undefined;

  /** @param high the first name behind it, undefined for the last part */
  constructor(part: GroupDraft, high: string | undefined) {
    this.part = part;
    this.#low = part.key.slice(part.base.length + 1);
    this.#high = high;
  }

  /** Whether the leaf of a group with this name belongs here. */
  holds(base: Base, name: string): boolean {
    if (base !== this.part.base || compareNames(name, this.#low) < 0) return false;
    return this.#high === undefined || compareNames(name, this.#high) < 0;
  }
}
