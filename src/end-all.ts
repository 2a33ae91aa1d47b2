/**
 * Ends several things at the same time. Resolves when all have ended, whichever of them failed.
 *
 * @throws what the first of those failed with that did, when all have ended
 */
export async function endAll(endings: Iterable<() => unknown>): Promise<void> {
  const outcomes = await Promise.allSettled(
    [...endings].map(async (end) => {
      await end();
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
