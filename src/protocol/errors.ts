import { DustError } from '../errors.js';

/** The other side of a channel sent `what`: it is no Dust server, or something between rewrites what it says. */
export function protocolError(what: string, cause?: unknown): DustError {
  return new DustError(
    'network',
    `The other side of the channel sent ${what}. Check that the url leads to a Dust server, and that no proxy between rewrites frames.`,
    { detail: 'protocol', cause },
  );
}
