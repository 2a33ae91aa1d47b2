import type { RecordSurvey } from './record-survey.js';

/** `ok`; `warn`: it works and somebody should look; `fail`: it does not work. */
export type FindingStatus = 'ok' | 'warn' | 'fail';

/** What one check found. */
export interface Finding {
  /** What was looked at, in a word or two. Stable, for programs. */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was found and, unless it is `ok`, what to do. */
  readonly message: string;
  /** What the records of an entity come to, of the check `records`. */
  readonly records?: RecordSurvey;
}

/** All is well with what was looked at. */
export const ok = (check: string, message: string): Finding => ({ check, status: 'ok', message });
/** It works, and somebody should look. */
export const warn = (check: string, message: string): Finding => ({ check, status: 'warn', message });
/** It does not work. */
export const fail = (check: string, message: string): Finding => ({ check, status: 'fail', message });
