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
