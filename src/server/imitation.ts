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
}

const FAULTLESS: Imitation = {
  hidesHttpWrites: false,
  ignoresIfAbsentInBatches: false,
  repeatsWrites: false,
  listsNoLiteralPattern: false,
  failsOnLeafWithChildren: false,
};

const VERSION_0_1: Imitation = {
  hidesHttpWrites: true,
  ignoresIfAbsentInBatches: true,
  repeatsWrites: true,
  listsNoLiteralPattern: true,
  failsOnLeafWithChildren: true,
};

/** What a server imitates. */
export function imitationOf(version: '0.1' | undefined): Imitation {
  return version === '0.1' ? VERSION_0_1 : FAULTLESS;
}
