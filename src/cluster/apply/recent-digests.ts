import type { DigestAt } from '../frame/frame.js';

/** How many of the last digests are remembered: a frame tells of what its sender had applied, which is not long ago. */
const REMEMBERED = 4_096;

/** The last digests of this node, to compare those of others with. */
export class RecentDigests {
  readonly #digests = new Map<number, string>();

  constructor(begin: DigestAt) {
    this.note(begin);
  }

  note({ position, digest }: DigestAt): void {
    this.#digests.set(position, digest);
    this.#digests.delete(position - REMEMBERED);
  }

  /** Whether the other node has another store; one that told of a place too long ago is believed. */
  contradicts({ position, digest }: DigestAt): boolean {
    const own = this.#digests.get(position);
    return own !== undefined && own !== digest;
  }
}
