import type { Logger } from '../../logging.js';
import type { EntityMetadata, ReferenceMetadata } from '../../metadata/types.js';

/** How many of a reference's missing targets are named each; of the others only their number is told. */
const NAMED = 3;

/** As many slugs are remembered for each reference, so that each is counted once. Beyond it they may be counted again. */
const CAPACITY = 10_000;

interface Count {
  /** The slugs that were counted last. */
  readonly slugs: Set<string>;
  missing: number;
}

/** Reports what the references of one class name and is not there: the first ones by name, then their number, whenever it has grown tenfold. */
export class MissingTargets {
  readonly #metadata: EntityMetadata;
  readonly #logger: Logger;
  readonly #counts = new Map<string, Count>();

  constructor(metadata: EntityMetadata, logger: Logger) {
    this.#metadata = metadata;
    this.#logger = logger;
  }

  /** Takes note of a slug that names nothing. */
  note(reference: ReferenceMetadata, target: EntityMetadata, slug: string): void {
    const count = this.#countOf(reference);
    if (count.slugs.has(slug)) return;
    if (count.slugs.size === CAPACITY) count.slugs.clear();
    count.slugs.add(slug);
    count.missing++;
    const { property, as, array } = reference;
    const name = `${this.#metadata.name}.${property}`;
    const outcome = array ? `It is left out of ${as}.` : `${as} is null.`;
    if (count.missing <= NAMED) {
      this.#logger.warn(
        `${name} names ${target.name} ${JSON.stringify(slug)}, which is not there or cannot be read. ${outcome}`,
      );
    } else if (isPowerOfTen(count.missing)) {
      this.#logger.warn(
        `${name} has named ${count.missing} of ${target.name} so far that are not there or cannot be read.`,
      );
    }
  }

  #countOf({ property }: ReferenceMetadata): Count {
    let count = this.#counts.get(property);
    if (count === undefined) this.#counts.set(property, (count = { slugs: new Set(), missing: 0 }));
    return count;
  }
}

function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
