/** Bytes behind the first one of a value, where they do not depend on the value: numbers, and extensions of fixed size. */
const FIXED: ReadonlyMap<number, number> = new Map([
  ...([
    [0xca, 4],
    [0xcb, 8],
    [0xcc, 1],
    [0xcd, 2],
    [0xce, 4],
    [0xcf, 8],
  ] as const),
  ...([
    [0xd0, 1],
    [0xd1, 2],
    [0xd2, 4],
    [0xd3, 8],
  ] as const),
  ...([
    [0xd4, 2],
    [0xd5, 3],
    [0xd6, 5],
    [0xd7, 9],
    [0xd8, 17],
  ] as const),
]);

/** Bytes that a length takes which stands behind the first byte of a value, and how many more follow than it says. */
const MEASURED: ReadonlyMap<number, readonly [lengthBytes: 1 | 2 | 4, more: number]> = new Map([
  ...([
    [0xc4, [1, 0]],
    [0xc5, [2, 0]],
    [0xc6, [4, 0]],
  ] as const),
  ...([
    [0xc7, [1, 1]],
    [0xc8, [2, 1]],
    [0xc9, [4, 1]],
  ] as const),
  ...([
    [0xd9, [1, 0]],
    [0xda, [2, 0]],
    [0xdb, [4, 0]],
  ] as const),
]);

/** Bytes that the count of an array or a map takes, and how many values each of its members is. */
const COUNTED: ReadonlyMap<number, readonly [countBytes: 2 | 4, values: 1 | 2]> = new Map([
  ...([
    [0xdc, [2, 1]],
    [0xdd, [4, 1]],
    [0xde, [2, 2]],
    [0xdf, [4, 2]],
  ] as const),
]);

/**
 * Checks that a message holds at least one byte for every value that its arrays and maps claim to hold. Whoever decodes
 * one that does can make room for what is claimed: all of it together is bounded by the size of the message.
 *
 * @throws RangeError for one that claims more than it can hold
 */
export function checkClaims(message: Buffer): void {
  let position = 0;
  /** Values that have been claimed and have not come yet. */
  let owed = 1;
  while (owed > 0) {
    if (owed > message.length - position) {
      throw new RangeError(`A message of ${message.length} bytes claims to hold more than it can.`);
    }
    const first = message[position++] ?? 0;
    owed--;
    const [measured, counted] = [MEASURED.get(first), COUNTED.get(first)];
    if (measured !== undefined) {
      const [lengthBytes, more] = measured;
      position += lengthBytes + message.readUIntBE(position, lengthBytes) + more;
    } else if (counted !== undefined) {
      const [countBytes, values] = counted;
      owed += message.readUIntBE(position, countBytes) * values;
      position += countBytes;
    } else if (first >= 0x80 && first < 0xc0) {
      if (first < 0x90) owed += (first & 0x0f) * 2;
      else if (first < 0xa0) owed += first & 0x0f;
      else position += first & 0x1f;
    } else {
      position += FIXED.get(first) ?? 0;
    }
  }
}
