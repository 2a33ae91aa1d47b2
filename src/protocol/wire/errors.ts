import { DustError } from '../../errors.js';
import type { ShapeExceeded } from '../values/shape.js';

/** The other side of a channel sent `what`: it is no Dust server, or something between rewrites what it says. */
export function protocolError(what: string, cause?: unknown): DustError {
  return new DustError(
    'network',
    `The other side of the channel sent ${what}. Check that the url leads to a Dust server, and that no proxy between rewrites frames.`,
    { detail: 'protocol', cause },
  );
}

/** The other side of a channel sent a message that would take more memory or stack to read than messages may. */
export function tooComplex(cause: ShapeExceeded): DustError {
  return new DustError(
    'network',
    `The other side of the channel sent a message that ${cause.message}. It was not read.`,
    { detail: 'too_complex', cause },
  );
}
