/** The answer to a message of the channel. */
export interface Reply {
  readonly status: 'ok' | 'error';
  readonly response: object;
}

/** The answer to what was done. */
export function done(response: object = {}): Reply {
  return { status: 'ok', response };
}

/** The answer to what was not done: why, and what belongs to that reason (PROTOCOL §4). */
export function refused(reason: string, facts: object = {}): Reply {
  return { status: 'error', response: { reason, ...facts } };
}

/** The answer to a message that nobody joined for, or no more. */
export const UNMATCHED_TOPIC = refused('unmatched topic');

/** What a message does that a recorded server does not survive: its channel ends with `phx_error`. */
export const CRASH = 'crash';

/** What comes of a message. */
export type Outcome = Reply | typeof CRASH;
