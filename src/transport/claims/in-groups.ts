/** Requests that are under way at once. */
const CONCURRENT = 16;

/**
 * Runs something for each item, a few at once, and resolves to what came of them in their order. What is under way is waited for when one
 * fails, and nothing is begun any more.
 *
 * @throws what the first of those that failed threw
 */
export async function inGroups<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += CONCURRENT) {
    for (const outcome of await Promise.allSettled(items.slice(start, start + CONCURRENT).map(run))) {
      if (outcome.status === 'rejected') throw outcome.reason;
      results.push(outcome.value);
    }
  }
  return results;
}
