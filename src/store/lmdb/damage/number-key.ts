/** What the first four bits of a number from 0 on are. */
const POSITIVE = '1';
const DIGITS = 16;

/** The number from 0 on that lmdb wrote as a key: a double behind four bits that sort numbers before texts. */
export function numberKey(key: Buffer): number | undefined {
  const digits = key.toString('hex');
  if (!digits.startsWith(POSITIVE)) return undefined;
  const bits = digits.slice(1).padEnd(DIGITS, '0').slice(0, DIGITS);
  return Buffer.from(bits, 'hex').readDoubleBE();
}
