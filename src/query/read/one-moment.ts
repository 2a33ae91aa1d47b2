import type { Path } from '../../protocol/path.js';
import type { Transport } from '../../transport/transport.js';

/** The part of a transport that tells local reads of one moment from those of two. */
export type MomentReader = Pick<Transport, 'momentOf'>;

/** Whether all that was read in several steps was read of one moment. Begins with the first step. */
export class OneMoment {
  readonly #now: () => number | undefined;
  readonly #begun: number | undefined;
  #isOver = false;

  /** @param prefix what is read lies below it */
  constructor(transport: MomentReader, prefix: Path) {
    this.#now = () => transport.momentOf?.(prefix);
    this.#begun = this.#now();
  }

  /** Whether a write came between two steps that can be made in one. Over a round trip nobody knows, and there is no such step. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** To be asked behind each further step. False once what is read is no longer what the first step read. */
  lasts(): boolean {
    if (this.#begun !== undefined && this.#now() !== this.#begun) this.#isOver = true;
    return !this.#isOver;
  }
}
