import fc from 'fast-check';
import { checkClaims } from '../../../../src/protocol/wire/message-pack-claims.js';
import { packMessage, unpackMessage } from '../../../../src/protocol/wire/message-pack.js';
import { ANSWER_SHAPE } from '../../../../src/protocol/values/shape.js';

const packed = (data: unknown) => Buffer.from(packMessage(data));

/** Arrays in one another, each of which claims to hold so many members. */
const nested = (depth: number, head: readonly number[]) =>
  Buffer.from(Array.from({ length: depth }, () => head).flat());

describe('a message that claims to hold more than it can', () => {
  const claims: [name: string, message: Buffer][] = [
    ['an array of 4 billion', Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
    ['arrays of 30 million in one another', nested(200, [0xdd, 0x01, 0xc9, 0xc3, 0x80])],
    ['arrays of 65,535 in one another', nested(100_000, [0xdc, 0xff, 0xff])],
    ['arrays of 15 in one another', nested(100_000, [0x9f])],
    ['a map of 4 billion', Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff])],
    ['a text of 4 billion bytes', Buffer.from([0xdb, 0xff, 0xff, 0xff, 0xff, 0x61])],
    ['bytes, 4 billion', Buffer.from([0xc6, 0xff, 0xff, 0xff, 0xff])],
    ['an array behind a text', Buffer.from([0x92, 0xa1, 0x61, 0xdd, 0x01, 0xc9, 0xc3, 0x80])],
  ];

  it.each(claims)('is refused at once, without room made for it: %s', (_, message) => {
    const before = process.memoryUsage();
    const start = performance.now();
    expect(() => unpackMessage(message)).toThrow();
    expect(performance.now() - start).toBeLessThan(500);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(50_000_000);
  });
});

describe('the check of claims', () => {
  it('passes whatever is well-formed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (data) => {
        expect(() => checkClaims(packed(data), ANSWER_SHAPE)).not.toThrow();
      }),
    );
  });

  it.each([
    ['numbers', [0, -1, 127, 128, -33, 40_000, -40_000, 2 ** 31, -(2 ** 31), 2 ** 40, -(2 ** 40), 1.5]],
    ['texts', ['', 'a'.repeat(31), 'a'.repeat(200), 'a'.repeat(300), 'a'.repeat(70_000)]],
    [
      'arrays',
      [[], Array.from({ length: 15 }), Array.from({ length: 16 }, () => 1), new Array(70_000).fill(0)],
    ],
    ['maps', [{}, Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i]))]],
  ])('passes every size of %s, and refuses it with a byte less', (_, data) => {
    const message = packed(data);
    expect(() => checkClaims(message, ANSWER_SHAPE)).not.toThrow();
    expect(unpackMessage(message)).toEqual(JSON.parse(JSON.stringify(data)));
    expect(() => unpackMessage(message.subarray(0, -1))).toThrow();
  });
});
