import type { SessionMark, SessionMarks } from '../../../../src/cluster/apply/sessions.js';
import {
  MAX_SESSIONS,
  SESSION_LIFETIME,
  standingOf,
  withFrame,
} from '../../../../src/cluster/apply/sessions.js';
import type { Frame } from '../../../../src/cluster/frame/frame.js';

const frameOf = (id: string, since: number, number: number): Frame => ({
  session: { id, since },
  number,
  level: 1,
  applied: { position: since, digest: '' },
  proposals: [],
});

const mark = (id: string, since: number, number: number, time = 0): SessionMark => ({
  id,
  since,
  number,
  time,
});

const KNOWN: SessionMarks = { sessions: [mark('a', 3, 5)], forgotten: 7 };

it.each([
  ['the next of a session', 'a', 3, 6, 'new'],
  ['the last of a session again', 'a', 3, 5, 'seen'],
  ['the first of a session again', 'a', 3, 1, 'seen'],
  ['one behind a gap', 'a', 3, 7, 'forgotten'],
  ['the first of a session that began behind all that are forgotten', 'b', 8, 1, 'new'],
  ['the first of a session that may be forgotten', 'b', 7, 1, 'forgotten'],
  ['the second of a session that is not known', 'b', 8, 2, 'forgotten'],
])('%s is %s', (_, id, since, number, standing) => {
  expect(standingOf(frameOf(id, since, number), KNOWN)).toBe(standing);
});

describe('remembering', () => {
  it('takes the number and the time of what is applied', () => {
    expect(withFrame(frameOf('a', 3, 6), 9, KNOWN)).toEqual({ sessions: [mark('a', 3, 6, 9)], forgotten: 7 });
  });

  it.each([
    [SESSION_LIFETIME - 1, [mark('a', 9, 5), mark('b', 2, 1, SESSION_LIFETIME - 1)], 7],
    [SESSION_LIFETIME, [mark('b', 2, 1, SESSION_LIFETIME)], 9],
  ])('after %d ms of silence', (time, sessions, forgotten) => {
    const marks = { sessions: [mark('a', 9, 5)], forgotten: 7 };
    expect(withFrame(frameOf('b', 2, 1), time, marks)).toEqual({ sessions, forgotten });
  });

  it('keeps a session that goes on after a silence', () => {
    const marks = { sessions: [mark('a', 9, 5)], forgotten: 7 };
    expect(withFrame(frameOf('a', 9, 6), SESSION_LIFETIME, marks).forgotten).toBe(7);
  });

  it('has an end: the one that was quiet for the longest goes, and counts as forgotten', () => {
    let marks: SessionMarks = { sessions: [], forgotten: -1 };
    for (let i = 0; i <= MAX_SESSIONS; i++) marks = withFrame(frameOf(`s${i}`, i, 1), i, marks);
    expect(marks.sessions).toHaveLength(MAX_SESSIONS);
    expect(marks.forgotten).toBe(0);
    expect(standingOf(frameOf('s0', 0, 1), marks)).toBe('forgotten');
    expect(standingOf(frameOf('s1', 1, 1), marks)).toBe('seen');
  });
});
