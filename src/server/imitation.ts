/** The faults of recorded servers that a server shows on request (PROTOCOL §3, §5). */
export interface Imitation {
  /** Writes over HTTP reach watchers only when they catch up. */
  readonly hidesHttpWrites: boolean;
  /** `if_absent` means nothing inside a batch. */
  readonly ignoresIfAbsentInBatches: boolean;
  /** A write made again under the same id is applied again. */
  readonly repeatsWrites: boolean;
  /** A pattern without a wildcard lists nothing. */
  readonly listsNoLiteralPattern: boolean;
  /** A map below which a path is both leaf and parent cannot be read. */
  readonly failsOnLeafWithChildren: boolean;
  /** Rolling a whole store back reaches watchers only when they catch up. */
  readonly hidesStoreRollbacks: boolean;
  /** Live events of a channel come before the pages of a catch-up that they follow, and again inside them (PROTOCOL §5.2). */
  readonly broadcastsDuringCatchUp: boolean;
  /** Totals and sets of a catch-up ignore what else its page does to their paths (PROTOCOL §5.8). */
  readonly miscountsInCatchUp: boolean;
  /** An unknown event, a write without an id, or a file without a name, ends its channel. */
  readonly crashesChannels: boolean;
  /** A fence whose token is no integer is none (PROTOCOL §6). */
  readonly dropsMalformedFences: boolean;
}

const FAULTLESS: Imitation = {
  hidesHttpWrites: false,
  ignoresIfAbsentInBatches: false,
  repeatsWrites: false,
  listsNoLiteralPattern: false,
  failsOnLeafWithChildren: false,
  hidesStoreRollbacks: false,
  broadcastsDuringCatchUp: false,
  miscountsInCatchUp: false,
  crashesChannels: false,
  dropsMalformedFences: false,
};

const VERSION_0_1: Imitation = {
  hidesHttpWrites: true,
  ignoresIfAbsentInBatches: true,
  repeatsWrites: true,
  listsNoLiteralPattern: true,
  failsOnLeafWithChildren: true,
  hidesStoreRollbacks: true,
  broadcastsDuringCatchUp: true,
  miscountsInCatchUp: true,
  crashesChannels: true,
  dropsMalformedFences: true,
};

/** What a server imitates. */
export function imitationOf(version: '0.1' | undefined): Imitation {
  return version === '0.1' ? VERSION_0_1 : FAULTLESS;
}
