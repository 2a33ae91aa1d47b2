/** What a server can do beyond version 0.1 of the protocol (PROTOCOL §3, §4), each as it is announced. */
export const FEATURES = [
  /** `if_absent` inside a batch. */
  'batch-if-absent',
  /** `merge` inside a batch. */
  'batch-merge',
  /** `increment`, `add` and `remove` inside a batch. */
  'batch-counters',
  /** `check` inside a batch: a precondition that writes nothing. */
  'batch-check',
  /** `below` in a read of many paths: what lies below them, too. */
  'batch-below',
  /** Events carry the commit they belong to, and writes over HTTP are broadcast like all others. */
  'commits',
  /** `/indexes` and `unique_indexes`: what clients declare unique is kept so, whoever writes. */
  'unique-indexes',
  /** Answers over HTTP say how far the store had come, and reads wait until it has come as far as they ask. */
  'read-barrier',
] as const;

/** One of {@link FEATURES}. */
export type Feature = (typeof FEATURES)[number];

/** The header of every answer of the REST interface that lists them, separated by commas. */
export const FEATURES_HEADER = 'x-dust-features';

/** In an answer below a store: the seq of its last operation, as the answer shows it. */
export const STORE_SEQ_HEADER = 'x-dust-store-seq';

/** In a read: the answer is to show the operation with this seq, which somebody has seen. */
export const MIN_SEQ_HEADER = 'x-dust-min-seq';

/** In a read: with `linearizable`, the answer is to show everything that was acknowledged anywhere before. */
export const CONSISTENCY_HEADER = 'x-dust-consistency';

/** The known ones among those announced. */
export function featuresIn(announced: unknown): ReadonlySet<Feature> {
  const names: unknown =
    typeof announced === 'string' ? announced.split(',').map((name) => name.trim()) : announced;
  return new Set(Array.isArray(names) ? FEATURES.filter((feature) => names.includes(feature)) : []);
}
