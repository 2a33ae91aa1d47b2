/** How many wait, and how many bytes they are. */
export interface Amount {
  count: number;
  bytes: number;
}

/** What the channel of a server carries at one moment, of all its clients together. */
export interface ChannelLoad {
  /** Connections. */
  sockets: number;
  /** Joins to each store. */
  readonly subscriptions: Map<string, number>;
  /** Those of them that are not up to date yet. */
  catchingUp: number;
  /** Messages that came and were not looked at, as their connection has too many under way. */
  readonly inlet: Amount;
  /** Messages that are not answered. */
  readonly mailbox: Amount;
  /** What is to be sent and was not taken by the system. */
  readonly outlet: Amount;
  /** Bytes that wait for the one who is furthest behind. */
  furthestBehind: number;
}

/** Nothing at all. */
export function noLoad(): ChannelLoad {
  const none = (): Amount => ({ count: 0, bytes: 0 });
  return {
    sockets: 0,
    subscriptions: new Map(),
    catchingUp: 0,
    inlet: none(),
    mailbox: none(),
    outlet: none(),
    furthestBehind: 0,
  };
}

/** Adds one amount to another. */
export function addAmount(to: Amount, { count, bytes }: Readonly<Amount>): void {
  to.count += count;
  to.bytes += bytes;
}
