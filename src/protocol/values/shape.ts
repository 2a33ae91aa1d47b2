/** How much a text or message may hold, whatever its length: an empty list is two bytes of text and dozens in memory. */
export interface Shape {
  /** How deep lists and objects may lie in one another. */
  readonly depth: number;
  /** How many of them there may be. */
  readonly containers: number;
}

/** What a value may be that a store takes: the same on every transport, so that what was written can be read on all. */
export const VALUE_SHAPE: Shape = { depth: 500, containers: 200_000 };

/** What a request or a message to a server may be: values, and what wraps them. */
export const REQUEST_SHAPE: Shape = { depth: 520, containers: 500_000 };

/**
 * What an answer or a message of a server may be: a subtree is as deep as its paths, 1,900 segments at the most, and its
 * values; a snapshot has two objects for each leaf.
 */
export const ANSWER_SHAPE: Shape = { depth: 2_500, containers: 10_000_000 };

/** A text or message that holds more than it may. What it held is not kept. */
export class ShapeExceeded extends Error {
  override readonly name = 'ShapeExceeded';
}

/** It is nested too deep. */
export function tooDeep({ depth }: Shape): ShapeExceeded {
  return new ShapeExceeded(`is nested deeper than ${depth} levels`);
}

/** It holds too many lists and objects. */
export function tooManyContainers({ containers }: Shape): ShapeExceeded {
  return new ShapeExceeded(`holds more than ${containers} lists and objects`);
}
