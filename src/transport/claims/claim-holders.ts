import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { UniqueForesight, UniqueValues } from '../../store/index.js';
import type { RequestOptions, Transport } from '../transport.js';
import { eachSubtree } from '../each-subtree.js';

/**
 * How long a claim must have stood without its record before another one may have it, in milliseconds: what a writer takes from its
 * claim to its commit. One that takes longer loses the claim, and does not commit.
 */
export const ORPHAN_AGE = 2_000;
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 500;

/** What became of a claim that is another record's. */
export type HolderState =
  /** That record has the values. */
  | { readonly kind: 'held'; readonly by: UniqueValues }
  /** It does not, and nobody has touched the claim for a while. */
  | { readonly kind: 'orphan' }
  /** The claim has changed meanwhile. */
  | { readonly kind: 'changed' };

/** What {@link HolderWatch} goes by. */
export interface HolderParts {
  readonly transport: Transport;
  readonly foresight: UniqueForesight;
  readonly clock: Clock;
  /** Resolves after so many milliseconds. @throws what calls the wait off */
  readonly pause: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Finds out whether claims of other records are held by what these records are. */
export class HolderWatch {
  readonly #parts: HolderParts;

  constructor(parts: HolderParts) {
    this.#parts = parts;
  }

  /**
   * Looks at the record that a claim names until it has the values, the claim changes, or it is an orphan.
   *
   * @throws DustError what every request may meet
   */
  async resolve(values: UniqueValues, claim: Leaf, options: RequestOptions): Promise<HolderState> {
    const { transport, clock, pause } = this.#parts;
    const { signal } = options;
    const { path } = claim;
    const since = monotonicOf(clock);
    let wait = FIRST_PAUSE;
    for (;;) {
      const by = await this.#holder(values, claim.value, options);
      if (by !== undefined) return { kind: 'held', by };
      if (monotonicOf(clock) - since >= ORPHAN_AGE) return { kind: 'orphan' };
      await pause(wait, signal);
      wait = Math.min(LONGEST_PAUSE, wait * 2);
      const now = (await transport.getMany([path], { signal, forWrite: true })).get(path);
      if (now?.revision !== claim.revision) return { kind: 'changed' };
    }
  }

  async #holder(
    { definition, key }: UniqueValues,
    slug: unknown,
    { signal }: RequestOptions,
  ): Promise<UniqueValues | undefined> {
    if (typeof slug !== 'string' || slug === '' || !slug.isWellFormed()) return undefined;
    const record = childPath(definition.prefix, slug);
    const leaves = await readRecords(this.#parts, [record], { signal, forWrite: true });
    return this.#parts.foresight
      .valuesOf(record, leaves)
      .find((found) => found.definition === definition && found.key === key);
  }
}

/** All leaves that count of these records, in as few requests as the transport needs. */
export async function readRecords(
  { transport, foresight }: Pick<HolderParts, 'transport' | 'foresight'>,
  records: readonly Path[],
  options: RequestOptions,
): Promise<Leaf[]> {
  const told: Path[] = [];
  const others: Path[] = [];
  for (const record of records) {
    const prefix = record.slice(0, record.lastIndexOf('/'));
    (foresight.isToldByParts(prefix) ? told : others).push(record);
  }
  const leaves: Leaf[] = [];
  if (told.length > 0) {
    const found = await transport.getMany(
      told.flatMap((record) => foresight.partsOf(record)),
      options,
    );
    for (const leaf of found.values()) leaves.push(leaf);
  }
  if (others.length > 0) {
    const subtrees = transport.subtrees?.(others, options) ?? eachSubtree(transport, others, options);
    for (const below of (await subtrees).values()) {
      for (const leaf of below) leaves.push(leaf);
    }
  }
  return leaves;
}
