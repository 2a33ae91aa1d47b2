import type { Frame } from '../frame/frame.js';

/** The last frame of a session that was applied. */
export interface SessionMark {
  readonly id: string;
  /** Where in the log it began. */
  readonly since: number;
  readonly number: number;
  /** When it was taken in, by the log's time. */
  readonly time: number;
}

/** What is remembered of who has sent what. */
export interface SessionMarks {
  readonly sessions: readonly SessionMark[];
  readonly forgotten: number;
}

/** How long a session that sends nothing is remembered, in milliseconds of the log's time. */
export const SESSION_LIFETIME = 3_600_000;

/** How many sessions are remembered at most: beyond, those go first that were quiet for the longest. */
export const MAX_SESSIONS = 1_000;

/**
 * What a frame is: `new`; `seen` already, for it was appended twice; or of a session that was `forgotten`, so that nobody can
 * tell. Frames of the last two kinds are passed over, by every node alike.
 */
export type Standing = 'new' | 'seen' | 'forgotten';

/** @see {@link Standing} */
export function standingOf({ session, number }: Frame, { sessions, forgotten }: SessionMarks): Standing {
  const known = sessions.find(({ id }) => id === session.id);
  if (known !== undefined) {
    if (number <= known.number) return 'seen';
    return number === known.number + 1 ? 'new' : 'forgotten';
  }
  return number === 1 && session.since > forgotten ? 'new' : 'forgotten';
}

/** The marks when a new frame is applied at `time`. Those that were quiet for too long are gone. */
export function withFrame({ session, number }: Frame, time: number, marks: SessionMarks): SessionMarks {
  // In the order of their times: whoever sends goes to the end.
  const others = marks.sessions.filter(({ id }) => id !== session.id);
  const first = others.findIndex((mark) => time - mark.time < SESSION_LIFETIME);
  const kept = Math.max(first === -1 ? others.length : first, others.length - MAX_SESSIONS + 1);
  return {
    sessions: [...others.slice(kept), { id: session.id, since: session.since, number, time }],
    forgotten: others
      .slice(0, kept)
      .reduce((greatest, { since }) => Math.max(greatest, since), marks.forgotten),
  };
}
