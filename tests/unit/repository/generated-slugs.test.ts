import type { Clock } from '../../../src/index.js';
import { systemClock } from '../../../src/index.js';
import { ulidMaker } from '../../../src/repository/slugs/ulid.js';
import { uuidV7Maker } from '../../../src/repository/slugs/uuid-v7.js';

const START = Date.UTC(2026, 10, 30);
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A clock that is set by hand. */
function clockAt(moment: number): Clock & { moment: number } {
  const clock = { ...systemClock, moment, now: () => clock.moment };
  return clock;
}

const timeOfUuid = (uuid: string): number => parseInt(uuid.replace('-', '').slice(0, 12), 16);
const timeOfUlid = (ulid: string): number =>
  Array.from(ulid.slice(0, 10)).reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);

describe.each([
  ['uuidv7', uuidV7Maker, timeOfUuid],
  ['ulid', ulidMaker, timeOfUlid],
] as const)('slugs of the kind %s', (_, makerOf, timeOf) => {
  it('begin with the time', () => {
    const clock = clockAt(START);
    const make = makerOf(clock);
    expect(timeOf(make())).toBe(START);
    clock.moment += 5.7;
    expect(timeOf(make())).toBe(START + 5);
  });

  it('rise within a millisecond, and when the clock is set back', () => {
    const clock = clockAt(START);
    const make = makerOf(clock);
    const made = Array.from({ length: 20_000 }, (__, i) => {
      if (i === 10_000) clock.moment -= 60_000;
      return make();
    });
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('take a clock before 1970 for its beginning', () => {
    expect(timeOf(makerOf(clockAt(-1))())).toBe(0);
  });
});

describe('slugs of the kind uuidv7', () => {
  it('have the version and the variant of RFC 9562', () => {
    const make = uuidV7Maker(clockAt(START));
    for (let i = 0; i < 50; i++) {
      expect(make()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('borrow from the next millisecond when one is full', () => {
    const make = uuidV7Maker(clockAt(START));
    const made = Array.from({ length: 0x1000 + 1 }, make);
    expect(timeOfUuid(made.at(-1)!)).toBe(START + 1);
  });
});

describe('slugs of the kind ulid', () => {
  it('count on by one within a millisecond, with carries', () => {
    const make = ulidMaker(clockAt(START));
    const valueOf = (ulid: string): bigint =>
      Array.from(ulid.slice(10)).reduce((value, digit) => value * 32n + BigInt(DIGITS.indexOf(digit)), 0n);
    const made = Array.from({ length: 2000 }, () => valueOf(make()));
    expect(made.every((value, i) => i === 0 || value === made[i - 1]! + 1n)).toBe(true);
  });
});
