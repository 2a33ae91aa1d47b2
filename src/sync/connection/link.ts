import type { WireJoinReply } from '../../protocol/wire/frames.js';
import type { DustError } from '../../errors.js';
import type { JsonObject } from '../../protocol/values/value.js';

/** A server's answer to a push. */
export type PushReply =
  | { readonly status: 'ok'; readonly response: JsonObject }
  | { readonly status: 'error'; readonly response: JsonObject };

/**
 * Why a link is no more. `isCrash`: the server's channel died of something it was sent. `refused`: the server said no before or at the join, and would say it again. Its `reason` is
 * the server's own word for a refused join, such as `store_not_allowed`, and `upgrade_refused` for a refused upgrade,
 * with the answer's status (PROTOCOL §4). Of a lost link `reason` is for people to read. Never holds the token.
 */
export type LinkEnd =
  | {
      readonly kind: 'lost';
      readonly reason: string;
      readonly isCrash?: boolean;
      /** What an error says of it in a word. */
      readonly detail?: 'proxy';
    }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly status?: number | undefined;
      /** Where it was no server that said no, but what opens the way to it. */
      readonly error?: DustError;
    };

/** What a link tells its owner, in the order the server said it. Nothing after `onEnd`. */
export interface LinkHandlers {
  /** `event`, `snapshot` and `catch_up_complete`, of this link's present join. */
  onMessage(event: string, payload: unknown): void;
  onEnd(end: LinkEnd): void;
}

/** One connection to one store, joined once. A lost one is not repaired: its owner opens another (PROTOCOL §5.10). */
export interface Link {
  /**
   * Asks for a join from `lastStoreSeq`, once. Rejects when the link ends before it: `onEnd` has told why by then, and
   * the DustError (`network` when lost, `unauthorized` when refused) repeats it. No `onMessage` comes before whoever
   * awaits the promise has gone on.
   */
  join(lastStoreSeq: number): Promise<WireJoinReply>;
  /** Resolves with the server's reply. Never settles after the link has ended: `onEnd` says so once for all. */
  push(event: string, payload: JsonObject): Promise<PushReply>;
  /** Takes nothing more from the network until it is told otherwise. Left out by links that cannot. */
  hold?(isHeld: boolean): void;
  /** Leaves and ends; `onEnd` is not called. */
  close(): void;
}

/** Opens links; the network, real or simulated. */
export interface Linker {
  open(handlers: LinkHandlers): Link;
}
