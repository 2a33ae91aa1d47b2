/** What a {@link Recovery} works on. Each promise stays pending for good when the connection is lost meanwhile. */
export interface RecoveryContext {
  /**
   * Ends the session of the lost connection, so that nothing that it fences can be committed any more, and waits until
   * the mirror holds everything committed before that (PROTOCOL §7). Resolves at once when there was none.
   */
  readonly endOldSession: () => Promise<void>;
  /**
   * Decides over the writes whose replies were lost (acknowledged, sent again, or `indeterminate`), and lets writes out
   * from then on.
   */
  readonly resumeWrites: () => void;
}

/** What is done for the writes that a lost connection left without a reply. */
export interface Recovery {
  /** The new connection has joined; its catch-up has not begun. */
  onJoined(): void;
  /** The mirror is whole again. */
  onCaughtUp(): Promise<void>;
}

/**
 * Catch-up first, then the end of the old session, then the decision. Anything earlier decides too early: what the dead
 * connection had handed over may still be committed after the catch-up (PROTOCOL §5.5).
 */
export function createRecovery({ endOldSession, resumeWrites }: RecoveryContext): Recovery {
  return {
    onJoined: () => undefined,
    onCaughtUp: async () => {
      await endOldSession();
      resumeWrites();
    },
  };
}
