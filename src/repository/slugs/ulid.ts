import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';

/** Crockford's 32 digits, in the order of their characters. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const CHANCE_DIGITS = 16;
/** What 48 bits hold. */
const LAST_MOMENT = 2 ** 48 - 1;

/**
 * ULIDs: the milliseconds of a clock and 80 bits of chance. Each is greater than the one before, also when the clock is set back: within a
 * millisecond it is the one before and one more.
 */
export function ulidMaker(clock: Clock): () => string {
  let moment = -Infinity;
  let chance: number[] = [];
  return () => {
    const now = Math.min(Math.max(0, Math.floor(clock.now())), LAST_MOMENT);
    if (now > moment || !addOne(chance)) {
      moment = Math.max(now, moment + 1);
      chance = Array.from(randomBytes(CHANCE_DIGITS), (byte) => byte % DIGITS.length);
    }
    return timeText(moment) + chance.map((digit) => DIGITS[digit]).join('');
  };
}

/** Adds one to a number by its digits; false when it was the last one. */
function addOne(digits: number[]): boolean {
  for (let i = digits.length - 1; i >= 0; i--) {
    const digit = digits[i]!;
    if (digit < DIGITS.length - 1) {
      digits[i] = digit + 1;
      return true;
    }
    digits[i] = 0;
  }
  return false;
}

function timeText(moment: number): string {
  let text = '';
  for (let rest = moment; text.length < TIME_DIGITS; rest = Math.floor(rest / DIGITS.length)) {
    text = `${DIGITS[rest % DIGITS.length] ?? ''}${text}`;
  }
  return text;
}
