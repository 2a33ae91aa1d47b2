/** A client that has a connection of the channel just now. */
export interface Guest {
  /** Who it writes as. */
  readonly deviceId: string;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  /** The stores that it has joined, `org/name`. */
  readonly stores: () => readonly string[];
}

/** Those who are connected to a server's channel. */
export class Guests {
  readonly #present = new Set<Guest>();

  /** Who is here just now, the first who came first. */
  get present(): readonly Guest[] {
    return [...this.#present];
  }

  /** One has come; the returned function says that it went. */
  come(guest: Guest): () => void {
    this.#present.add(guest);
    return () => {
      this.#present.delete(guest);
    };
  }
}
