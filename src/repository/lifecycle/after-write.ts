/** What is called when a write has landed. */
export interface AfterWrite {
  readonly hasLanded: boolean;
  readonly call: () => Promise<void> | undefined;
}

/** A write that something may follow. */
interface Followed {
  readonly after?: AfterWrite | undefined;
}

/** A write, as far as it matters to what follows it. */
export interface FollowedWrite extends Followed {
  readonly settle: (revision: number) => void;
}

/** The write, followed by a call once it has landed. */
export function followedBy<Write extends FollowedWrite>(write: Write, call: AfterWrite['call']): Write {
  const after = { hasLanded: false, call };
  const settle = (revision: number): void => {
    write.settle(revision);
    after.hasLanded = true;
  };
  return { ...write, settle, after };
}

/**
 * Commits writes, then calls what follows those that landed, in their order. All of it is called, whatever one of them throws.
 *
 * @throws what `commit` threw, or else what the first of those calls threw
 */
export function thenFollow<Outcome>(
  writes: readonly Followed[],
  commit: () => Promise<Outcome>,
): Promise<Outcome> {
  return writes.some(({ after }) => after !== undefined) ? commitAndFollow(writes, commit) : commit();
}

async function commitAndFollow<Outcome>(
  writes: readonly Followed[],
  commit: () => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await commit();
  } catch (error) {
    await followAll(writes, error);
    throw error;
  }
  await followAll(writes);
  return outcome;
}

/**
 * Calls what follows those of the writes that landed.
 *
 * @param failure what stopped the others: what their caller has to know, rather than what those calls throw
 */
export async function followAll(writes: readonly Followed[], failure?: unknown): Promise<void> {
  const failures: unknown[] = [];
  for (const { after } of writes) {
    if (after?.hasLanded !== true) continue;
    try {
      await after.call();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0 && failure === undefined) throw failures[0];
}
