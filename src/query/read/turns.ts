import { performance } from 'node:perf_hooks';

/** How long work may go on before it gives the event loop back. */
export interface TurnBudget {
  /** Begins a turn. What it returns says whether the turn is over; asked after each small piece of work. */
  begin(): () => boolean;
  /** Resolves in a later turn, when everything that was waiting has had its own. */
  pause(): Promise<void>;
}

/** Milliseconds that a long read holds the event loop at most, but for what one record and a collection of garbage take. */
const TURN = 5;
/** The clock is asked after so many records. */
const PIECES = 16;

/** Turns of a few milliseconds. */
export const shortTurns: TurnBudget = {
  begin: () => {
    let pieces = 0;
    let end = 0;
    return () => {
      if (++pieces % PIECES !== 0) return false;
      const now = performance.now();
      // The first pieces are free of it: most reads end before the clock is asked at all.
      if (end === 0) end = now + TURN;
      return now >= end;
    };
  },
  pause: () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    }),
};
