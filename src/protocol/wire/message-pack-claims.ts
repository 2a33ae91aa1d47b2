import type { Shape } from '../values/shape.js';
import { tooDeep, tooManyContainers } from '../values/shape.js';

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

/** How many values stand behind the first byte of an array or map whose count is part of that byte. */
function countInside(first: number): number | undefined {
  if (first < 0x80 || first > 0x9f) return undefined;
  return first < 0x90 ? (first & 0x0f) * 2 : first & 0x0f;
}

/**
 * Checks that a message holds at least one byte for every value that its arrays and maps claim to hold, and no more arrays
 * and maps, nor deeper in one another, than it may. Whoever decodes one that does can make room for what is claimed: all of
 * it together is bounded by the size of the message.
 *
 * @throws RangeError for one that claims more than it can hold; ShapeExceeded
 */
export function checkClaims(message: Buffer, shape: Shape): void {
  let position = 0;
  let containers = 0;
  /** Values that have been claimed and have not come yet: in all, and by the containers that are open. */
  let owed = 1;
  const open = [1];
  while (owed > 0) {
    if (owed > message.length - position) {
      throw new RangeError(`A message of ${message.length} bytes claims to hold more than it can.`);
    }
    while (open.at(-1) === 0) open.pop();
    const first = message[position++] ?? 0;
    owed--;
    open[open.length - 1]! -= 1;
    const [measured, counted] = [MEASURED.get(first), COUNTED.get(first)];
    let values = countInside(first);
    if (measured !== undefined) {
      const [lengthBytes, more] = measured;
      position += lengthBytes + message.readUIntBE(position, lengthBytes) + more;
    } else if (counted !== undefined) {
      const [countBytes, valuesOfEach] = counted;
      values = message.readUIntBE(position, countBytes) * valuesOfEach;
      position += countBytes;
    } else if (first >= 0xa0 && first < 0xc0) {
      position += first & 0x1f;
    } else {
      position += FIXED.get(first) ?? 0;
    }
    if (values === undefined) continue;
    if (open.length > shape.depth) throw tooDeep(shape);
    if (++containers > shape.containers) throw tooManyContainers(shape);
    owed += values;
    open.push(values);
  }
}
