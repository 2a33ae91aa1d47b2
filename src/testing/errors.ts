import { DustError } from '../errors.js';
import type { DustErrorDetails, DustErrorKind } from '../errors.js';

export function clockCannotGoBack(ms: number): DustError {
  return new DustError(
    'invalid_params',
    `A test clock moves on by milliseconds from 0 upwards, not by ${String(ms)}.`,
  );
}

export function injectedFailure(
  kind: DustErrorKind,
  method: string,
  committed: boolean,
  details: DustErrorDetails,
): DustError {
  const fate = committed ? 'the write was committed and its answer lost' : 'nothing was sent';
  return new DustError(kind, `failNext("${kind}") made the transport's ${method} fail: ${fate}.`, details);
}

export function invalidTimes(times: number): DustError {
  return new DustError(
    'invalid_options',
    `failNext: times must be a positive integer, not ${String(times)}.`,
  );
}

export function notAWrite(method: string): DustError {
  return new DustError(
    'invalid_options',
    `failNext: afterCommit is about writes, and ${method} is a read. Leave one of the two out.`,
  );
}
