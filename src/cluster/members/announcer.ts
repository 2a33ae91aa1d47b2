import type { Clock } from '../../clock.js';
import type { MemberProposal } from '../frame/proposal.js';
import { Pause } from '../log/pause.js';
import { ANNOUNCE_INTERVAL } from './members.js';

/** What an {@link Announcer} works with. */
export interface AnnouncerParts {
  readonly clock: Clock;
  readonly id: string;
  readonly name: string;
  readonly level: number;
  /** What this node has applied. */
  readonly position: () => number;
  /** Whether this node follows the log. */
  readonly isFollowing: () => boolean;
  /** Resolves when this node has applied it. @throws DustError what every proposal fails with */
  readonly propose: (proposal: MemberProposal) => Promise<unknown>;
}

/** How long the last word may take, in milliseconds: without it the others forget the node a little later. */
const FAREWELL_TIME = 1_000;

/** Makes a node known to the others: at the start, every 30 seconds, and at the end. */
export class Announcer {
  readonly #parts: AnnouncerParts;
  readonly #end = new AbortController();
  readonly #pause: Pause;
  readonly #running: Promise<void>;
  /** Whether the others have heard of the node. */
  #isKnown = false;

  /** Begins at once. */
  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
    this.#pause = new Pause(parts.clock);
    this.#running = this.#run();
  }

  /** Tells the others that the node ends, if the log takes it in soon. Never rejects. */
  async leave(): Promise<void> {
    this.#end.abort();
    if (!this.#isKnown || !this.#parts.isFollowing()) return;
    const farewell = new AbortController();
    const told = this.#tell(true).finally(() => {
      farewell.abort();
    });
    await new Pause(this.#parts.clock).wait(FAREWELL_TIME, farewell.signal);
    void told;
  }

  /** Resolves when nothing is proposed any more, after the proposer has ended. Never rejects. */
  ended(): Promise<void> {
    return this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      if (this.#parts.isFollowing()) await this.#tell(false);
      await this.#pause.wait(ANNOUNCE_INTERVAL, signal);
    }
  }

  /** The others hear of it the next time. Never rejects. */
  async #tell(leaves: boolean): Promise<void> {
    const { id, name, level, position, propose } = this.#parts;
    const proposal: MemberProposal = { kind: 'member', id, name, level, position: position() };
    try {
      await propose(leaves ? { ...proposal, leaves } : proposal);
      this.#isKnown = true;
    } catch {
      // What keeps the log from answering is told by whoever writes.
    }
  }
}
