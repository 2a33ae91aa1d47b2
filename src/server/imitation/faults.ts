/** The faults of recorded servers that a server shows on request, each by its name (PROTOCOL §3, §5, §8). */
export type ImitatedFault =
  /** Nothing beyond version 0.1 is announced or taken, and no event tells its commit. */
  | 'no-features'
  /** Writes over HTTP reach watchers only when they catch up. */
  | 'silent-http-writes'
  /** Rolling a whole store back reaches watchers only when they catch up. */
  | 'silent-rollbacks'
  /** `if_absent` means nothing inside a batch. */
  | 'ignored-if-absent'
  /** A write made again under the same id is applied again. */
  | 'repeated-writes'
  /** A pattern without a wildcard lists nothing. */
  | 'empty-literal-pattern'
  /** A map below which a path is both leaf and parent cannot be read: 500. */
  | 'leaf-with-children'
  /** A target that is not percent-encoded UTF-8 is answered 500. */
  | 'undecodable-path'
  /** Live events of a channel come before the pages of a catch-up that they follow, and again inside them. */
  | 'early-events'
  /** Events of other writers come one place too late. */
  | 'unordered-events'
  /** Totals and sets of a catch-up ignore what else its page does to their paths. */
  | 'miscounted-catch-up'
  /** Catch-ups take 5 ms for each operation. */
  | 'slow-catch-up'
  /** An unknown event ends its channel. */
  | 'unknown-event-crash'
  /** A file in a store that holds one already ends its channel. */
  | 'second-file-crash'
  /** A fence whose token is no integer is none. */
  | 'dropped-fences'
  /** Writes take their time, one after the other: the more operations and the fuller the store, the longer. */
  | 'slow-batches'
  /** A write that is not done after 5 s is answered as refused, and done all the same. */
  | 'late-writer'
  /** Over the channel, the wait for the limit is always told as 60 s. */
  | 'whole-window-retry'
  /** What holds an integer beyond 64 bits ends every channel in MessagePack that must hear of it. */
  | 'unpackable-integers'
  /** A catch-up with a decimal or a moment ends its channel in MessagePack. */
  | 'unpackable-envelopes';

/** Those that a recorded server shows whenever it is asked; the others need load, or many writers at once. */
const ALWAYS: Readonly<Record<ImitatedFault, boolean>> = {
  'no-features': true,
  'silent-http-writes': true,
  'silent-rollbacks': true,
  'ignored-if-absent': true,
  'repeated-writes': true,
  'empty-literal-pattern': true,
  'leaf-with-children': true,
  'undecodable-path': true,
  'early-events': true,
  'unordered-events': false,
  'miscounted-catch-up': true,
  'slow-catch-up': false,
  'unknown-event-crash': true,
  'second-file-crash': true,
  'dropped-fences': true,
  'slow-batches': false,
  'late-writer': true,
  'whole-window-retry': true,
  'unpackable-integers': true,
  'unpackable-envelopes': true,
};

/** All names. */
export const IMITATED_FAULTS = Object.keys(ALWAYS) as readonly ImitatedFault[];

/** What stands for all faults that a server of that version always shows. */
export const VERSION = '0.1';

/** Those of version 0.1. */
export const FAULTS_OF_VERSION: readonly ImitatedFault[] = IMITATED_FAULTS.filter((name) => ALWAYS[name]);

/** Whether a text names a fault, or the version that has most of them. */
export function isImitable(name: unknown): name is ImitatedFault | '0.1' {
  return name === VERSION || IMITATED_FAULTS.some((fault) => fault === name);
}
