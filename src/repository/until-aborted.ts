import { onAbort } from '../abort-listener.js';

/** How work that cannot be called off itself is given up. */
export interface GivingUp<T> {
  readonly signal: AbortSignal | undefined;
  /** The error for the one who gave up. */
  readonly calledOff: () => Error;
  /** Called with what the work gives all the same, later. */
  readonly undo: (late: T) => Promise<unknown>;
}

/** What `work` comes to, or the error of giving up, whichever is first. */
export async function untilAborted<T>(
  work: Promise<T>,
  { signal, calledOff, undo }: GivingUp<T>,
): Promise<T> {
  let stopListening = (): void => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      work.then(undo).catch(() => undefined);
      reject(calledOff());
    };
    if (signal?.aborted === true) giveUp();
    else stopListening = onAbort(signal, giveUp);
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    stopListening();
  }
}
