/** When a channel goes on with its work. */
export interface Turns {
  /** Calls `work` later, when more of a catch-up may be sent: others get their turn in between. */
  betweenPages(work: () => void): void;
  /** Whether so much waits to be sent that a page had better end here. */
  isCongested(): boolean;
  /** Calls `work` when the next message that was received is to be taken up, now or later. */
  forMessage(work: () => void): void;
}

/** Messages at once; pages as soon as the event loop has been around. */
export const PROMPT_TURNS: Turns = {
  betweenPages: (work) => {
    setImmediate(work);
  },
  isCongested: () => false,
  forMessage: (work) => {
    work();
  },
};
