import type { LeafChange } from '../../../protocol/requests/operation.js';
import type { EntryChanges } from '../entry-changes.js';
import type { HeldMoment } from './held-moment.js';

/** Moments that are held at once at most: each of them is told of every change. */
const MAX_MOMENTS = 64;

interface Use {
  readonly held: HeldMoment;
  users: number;
}

/** The moments of a storage that somebody still reads. Whoever changes it tells them before. */
export class HeldMoments {
  readonly #uses = new Set<Use>();

  /** Holds the present moment; undefined when too many are held. Those that hold the same one share it. */
  hold(present: HeldMoment): { readonly held: HeldMoment; release(): void } | undefined {
    let use: Use | undefined;
    for (const each of this.#uses) if (each.held.isSameAs(present)) use = each;
    if (use === undefined) {
      if (this.#uses.size >= MAX_MOMENTS) return undefined;
      this.#uses.add((use = { held: present, users: 0 }));
    }
    use.users++;
    const used = use;
    let isReleased = false;
    return {
      held: used.held,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        if (--used.users === 0) this.#uses.delete(used);
      },
    };
  }

  /** Leaves change. */
  noteLeaves(changes: readonly LeafChange[]): void {
    for (const { held } of this.#uses) for (const change of changes) held.noteLeaf(change);
  }

  /** Entries of indexes are about to change. */
  noteEntries({ removed, added }: EntryChanges): void {
    for (const { held } of this.#uses) {
      for (const key of removed) held.noteKey(key);
      for (const { key } of added) held.noteKey(key);
    }
  }

  /** What was written is undone, and nobody tells how: no moment can be read any more. */
  giveUp(): void {
    for (const { held } of this.#uses) held.giveUp();
  }
}
