/** Milliseconds between two writes of one kind: never a rest, and no flood either. */
export const PACE = 20;

/** Where the second program writes, and whom it tells. */
export interface Program {
  readonly url: string;
  /** `org/name` */
  readonly store: string;
  readonly token: string;
  /** The segment that everything lies below which it writes. */
  readonly root: string;
  /** To be called after each acknowledged write. */
  wrote(way: Way): void;
}

/** How a write went. */
export type Way = 'http' | 'channel';

/** What the program tells its parent process. */
export type Message =
  /** Both ways have been written on. */
  | { readonly type: 'writing' }
  /** It was told to stop; so many writes were acknowledged. */
  | { readonly type: 'stopped'; readonly http: number; readonly channel: number }
  | { readonly type: 'failed'; readonly message: string };
