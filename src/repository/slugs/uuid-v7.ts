import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../../clock.js';

/** What 48 bits hold. */
const LAST_MOMENT = 2 ** 48 - 1;
/** What 12 bits hold. */
const LAST_COUNT = 0xfff;
/** Where counting begins within a millisecond: at random, with room for as many more at least. */
const FIRST_COUNTS = 0x800;

/**
 * UUIDs of version 7 (RFC 9562): the milliseconds of a clock, a counter of 12 bits, and chance. Each is greater than the one before, also
 * when the clock is set back: more than fit a millisecond borrow from the next.
 */
export function uuidV7Maker(clock: Clock): () => string {
  let moment = -Infinity;
  let count = LAST_COUNT;
  return () => {
    const now = Math.min(Math.max(0, Math.floor(clock.now())), LAST_MOMENT);
    if (now <= moment && count < LAST_COUNT) count++;
    else {
      moment = Math.max(now, moment + 1);
      count = randomInt(FIRST_COUNTS);
    }
    const time = moment.toString(16).padStart(12, '0');
    const counter = count.toString(16).padStart(3, '0');
    const chance = randomBytes(8);
    chance.writeUInt8(0x80 | (chance.readUInt8() & 0x3f));
    const rest = chance.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  };
}
