/** Hears of entities as reads hand them out. */
export interface LoadListener {
  /** Whether anybody wants to hear of them just now. */
  readonly isListening: boolean;
  /** Is told of entities before they are handed out. The read waits for what it returns. */
  load(entities: readonly object[]): Promise<void> | undefined;
}
