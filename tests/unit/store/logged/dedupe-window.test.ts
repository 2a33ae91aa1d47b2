import { array, assert, integer, property, record } from 'fast-check';
import { DEDUPE_WINDOW, marksAt, operationsInWindow } from '../../../../src/store/logged/dedupe-window.js';
import type { TimeMark } from '../../../../src/store/logged/logged-state.js';

const MINUTE = 60_000;

const frames = array(
  record({ passed: integer({ min: 0, max: 4 * MINUTE }), operations: integer({ min: 0, max: 9 }) }),
  {
    maxLength: 60,
  },
);

it('the window holds every operation of the last ten minutes, and of those before at most a minute of them', () => {
  assert(
    property(frames, (drawn) => {
      let marks: readonly TimeMark[] = [];
      const times: number[] = [];
      let time = 0;
      for (const { passed, operations } of drawn) {
        time += passed;
        marks = marksAt(marks, { storeSeq: times.length, time });
        for (let i = 0; i < operations; i++) times.push(time);
        const size = operationsInWindow(marks, { storeSeq: times.length, time });
        const held = times.slice(times.length - size);
        const recent = times.filter((each) => time - each < DEDUPE_WINDOW);
        expect(held.slice(held.length - recent.length)).toEqual(recent);
        const more = held.slice(0, held.length - recent.length);
        expect(more.length === 0 ? 0 : more.at(-1)! - more[0]!).toBeLessThan(MINUTE);
        expect(marks.length).toBeLessThanOrEqual(DEDUPE_WINDOW / MINUTE + 2);
      }
    }),
  );
});

describe('the borders of the window', () => {
  it.each<[number, number]>([
    [MINUTE - 1, 1],
    [MINUTE, 2],
  ])('a mark is made when the last one is %i ms old, or not', (age, count) => {
    expect(marksAt([{ storeSeq: 1, time: 5 }], { storeSeq: 2, time: 5 + age })).toHaveLength(count);
  });

  it('it begins at a mark that is just ten minutes old, and what is before that is forgotten', () => {
    const marks = [0, MINUTE, 2 * MINUTE].map((time, i) => ({ storeSeq: 10 * i, time }));
    const before = { storeSeq: 90, time: 11 * MINUTE - 1 };
    const at = { storeSeq: 90, time: 11 * MINUTE };
    expect([before, at].map((present) => operationsInWindow(marks, present))).toEqual([90, 80]);
    expect(marksAt(marks, before)).toEqual([...marks, before]);
    expect(marksAt(marks, at)).toEqual([...marks.slice(1), at]);
  });

  it.each([
    [999_999, 999_999],
    [1_000_000, 1_000_000],
    [1_000_001, 1_000_000],
  ])('of %i operations it holds %i', (storeSeq, held) => {
    expect(operationsInWindow([{ storeSeq: 0, time: 0 }], { storeSeq, time: MINUTE })).toBe(held);
  });

  it('without a mark it holds none', () => {
    expect(operationsInWindow([], { storeSeq: 7, time: 1 })).toBe(0);
    expect(marksAt([], { storeSeq: 7, time: 1 })).toEqual([{ storeSeq: 7, time: 1 }]);
  });
});
