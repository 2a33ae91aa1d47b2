/** The record of all rivals. */
export interface LiveRecord {
  readonly id: string;
  readonly title: string;
  /** What queries ask for; indexed. */
  readonly customer: string;
}

/** One way to the same live queries, in memory. */
export interface LiveRival {
  readonly name: string;
  insertMany(records: readonly LiveRecord[]): Promise<void>;
  /** Gives a record another title. Resolves when whoever watches has been told. */
  rename(id: string, title: string): Promise<void>;
  /** Has the records of a customer watched. Resolves with the first list's length, and with what ends it. */
  watch(customer: string): Promise<Watched>;
  close(): Promise<void>;
}

export interface Watched {
  readonly length: number;
  stop(): void;
}

/** Opens a rival without records. */
export type OpenLiveRival = () => Promise<LiveRival>;

/** A later turn of the event loop: all that was begun has been told by then. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
