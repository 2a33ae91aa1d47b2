import { DustError } from '../errors.js';
import type { Budget } from '../protocol/requests/budget.js';
import { describeValue } from '../query/index.js';

/** The transport cannot watch, so nothing built on watching works. */
export function realtimeNotSupported(entityName: string, call: string): DustError {
  return new DustError(
    'not_supported',
    `${entityName}: ${call} needs realtime, which this data source's transport does not offer. ` +
      'Use the embedded store or the channel transport (a "url" without "realtime: false").',
    { detail: 'realtime' },
  );
}

/** An async iteration was slower than its source, and its buffer ran full. */
export function iterationOverflow({ count, bound }: Budget): DustError {
  const [room, option] =
    count < bound.count ? [`${bound.bytes} bytes of items`, 'limitBytes'] : [`${bound.count} items`, 'limit'];
  return new DustError(
    'resync_required',
    `Async iteration fell more than ${room} behind its source and was ended. ` +
      `Read the current state again and start a new iteration; do less between two items, or raise "${option}".`,
  );
}

/** A setting that must be a positive integer is not. */
export function invalidPositiveInteger(name: string, value: unknown): DustError {
  return new DustError(
    'invalid_options',
    `"${name}" must be a positive integer, not ${describeValue(value)}.`,
  );
}

/** Something else where a pattern is needed. */
export function patternNotText(entityName: string, found: unknown): DustError {
  return new DustError(
    'invalid_params',
    `${entityName}: rawEvents() takes a pattern such as "links/*/title", or nothing for the whole entity, not ${describeValue(found)}.`,
  );
}

/** Something else where an Observable or a repository is needed. */
export function sourceNotObservable(call: string, expected: string, found: unknown): DustError {
  return new DustError('invalid_options', `${call} takes ${expected}, not ${describeValue(found)}.`);
}
