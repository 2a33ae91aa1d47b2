import crypto from 'node:crypto';
import type { Clock } from '../../../../src/index.js';
import { systemClock } from '../../../../src/index.js';
import { ulidMaker } from '../../../../src/repository/slugs/ulid.js';
import { uuidV7Maker } from '../../../../src/repository/slugs/uuid-v7.js';

const START = Date.UTC(2026, 10, 30);
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A clock that is set by hand. */
function clockAt(moment: number): Clock & { moment: number } {
  const clock = { ...systemClock, moment, now: () => clock.moment };
  return clock;
}

/** Chance that always falls the same way: its bytes, and the last of the numbers it is asked for. */
function chanceOf(...bytes: readonly number[]): void {
  const random = (length: number): Buffer => Buffer.alloc(length, Uint8Array.from(bytes));
  jest.spyOn(crypto, 'randomBytes').mockImplementation(random);
  jest.spyOn(crypto, 'randomInt').mockImplementation((end: number) => end - 1);
}

afterEach(() => {
  jest.restoreAllMocks();
});

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

  it('take a clock past what 48 bits hold for their end', () => {
    expect(timeOf(makerOf(clockAt(2 ** 48 + 5))())).toBe(2 ** 48 - 1);
  });

  it('are of chance that is drawn anew each millisecond', () => {
    const clock = clockAt(START);
    const make = makerOf(clock);
    const chances = Array.from({ length: 20 }, () => {
      clock.moment++;
      return make().slice(-12);
    });
    expect(new Set(chances).size).toBe(20);
  });
});

describe('slugs of the kind uuidv7', () => {
  it('have the version and the variant of RFC 9562', () => {
    const make = uuidV7Maker(clockAt(START));
    for (let i = 0; i < 50; i++) {
      expect(make()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it.each([
    [0x00, '8000-000000000000'],
    [0xff, 'bfff-ffffffffffff'],
  ])('leave all else of the last half to chance: bytes of %p', (byte, half) => {
    chanceOf(byte);
    expect(uuidV7Maker(clockAt(START))().slice(19)).toBe(half);
  });

  it('borrow from the next millisecond when one is full, which holds 2,049 at least', () => {
    chanceOf(0);
    const make = uuidV7Maker(clockAt(START));
    const made = Array.from({ length: 0x801 }, make);
    expect(made.map((uuid) => parseInt(uuid.slice(15, 18), 16))).toEqual(made.map((__, i) => 0x7ff + i));
    expect(timeOfUuid(made.at(-1)!)).toBe(START);
    const next = make();
    expect(timeOfUuid(next)).toBe(START + 1);
    expect(next.slice(14, 18)).toBe('77ff');
  });
});

describe('slugs of the kind ulid', () => {
  it('are 26 of the digits of Crockford', () => {
    const make = ulidMaker(clockAt(START));
    for (let i = 0; i < 50; i++) expect(make()).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('make a digit of each byte of chance', () => {
    chanceOf(0, 9, 31, 32, 255);
    expect(ulidMaker(clockAt(START))().slice(10)).toBe('09Z0Z09Z0Z09Z0Z0');
  });

  it('carry to the first digit', () => {
    chanceOf(0, ...Array<number>(15).fill(31));
    const make = ulidMaker(clockAt(START));
    const [first, second] = [make(), make()];
    expect(first.slice(10)).toBe('0ZZZZZZZZZZZZZZZ');
    expect(second.slice(10)).toBe('1000000000000000');
    expect(timeOfUlid(second)).toBe(START);
  });

  it('borrow from the next millisecond after the last number of one', () => {
    chanceOf(31);
    const make = ulidMaker(clockAt(START));
    const made = [make(), make(), make()];
    expect(made.map(timeOfUlid)).toEqual([START, START + 1, START + 2]);
    expect(made.map((ulid) => ulid.slice(10))).toEqual(Array<string>(3).fill('Z'.repeat(16)));
  });

  it('count on by one within a millisecond, with carries', () => {
    const make = ulidMaker(clockAt(START));
    const valueOf = (ulid: string): bigint =>
      Array.from(ulid.slice(10)).reduce((value, digit) => value * 32n + BigInt(DIGITS.indexOf(digit)), 0n);
    const made = Array.from({ length: 2000 }, () => valueOf(make()));
    expect(made.every((value, i) => i === 0 || value === made[i - 1]! + 1n)).toBe(true);
  });
});
