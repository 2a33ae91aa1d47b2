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
export async function thenFollow<Outcome>(
  writes: readonly Followed[],
  commit: () => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await commit();
  } catch (error) {
    // What stopped the others is what their caller has to know, rather than what those calls throw.
    await followAll(writes);
    throw error;
  }
  const failure = await followAll(writes);
  if (failure !== undefined) throw failure.error;
  return outcome;
}

/** What a call that follows a write has thrown. */
export interface FollowFailure {
  readonly error: unknown;
  /** Which of the writes it followed. */
  readonly index: number;
}

/** Calls what follows those of the writes that landed. Resolves to the first failure. Never rejects. */
export async function followAll(writes: readonly Followed[]): Promise<FollowFailure | undefined> {
  let failure: FollowFailure | undefined;
  for (const [index, { after }] of writes.entries()) {
    if (after?.hasLanded !== true) continue;
    try {
      await after.call();
    } catch (error) {
      failure ??= { error, index };
    }
  }
  return failure;
}
