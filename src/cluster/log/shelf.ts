/** Something on a shelf. */
export interface ShelfItem {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** Contents by name, beside a log and as durable. A content is there whole or not at all, and never changes. */
export interface Shelf {
  /** Does nothing when the name is there already. @throws DustError `network`, `closed` */
  put(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Piece by piece; null when there is none. @throws DustError `network`, `closed` */
  get(name: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Those whose name begins with `prefix`, by name. @throws DustError `network`, `closed` */
  list(prefix: string): Promise<readonly ShelfItem[]>;
  /** Does nothing when it is not there. @throws DustError `network`, `closed` */
  remove(name: string): Promise<void>;
}
