/** How much is under way at once. */
const IN_FLIGHT = 32;

/** How a run of {@link pipeline} went: the results so far, in order of the items, and the error that ended it. */
export interface PipelineOutcome<Result> {
  readonly results: readonly Result[];
  readonly failure: PipelineFailure | undefined;
}

/** What ended a run, and the index of the item. */
export interface PipelineFailure {
  readonly error: unknown;
  readonly index: number;
  /** What else failed that was under way by then, where items are worked on one by one. */
  readonly others?: readonly unknown[];
}

/**
 * Does `work` for each item, at most 32 at a time. After the first error nothing more is begun; what is under
 * way is waited for, so that the outcome is final. Never rejects.
 */
export async function pipeline<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<PipelineOutcome<Result>> {
  const results: Result[] = [];
  const failures: { error: unknown; index: number }[] = [];
  const queue = items.entries();
  const drain = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push({ error, index });
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, items.length) }, drain));
  const [first, ...others] = failures.sort((a, b) => a.index - b.index);
  const failure = first && { ...first, others: others.map(({ error }) => error) };
  return { results: withoutHoles(results), failure };
}

/** Work that failed leaves a hole where its result would be. */
function withoutHoles<Result>(results: readonly Result[]): Result[] {
  return Object.values(results);
}
