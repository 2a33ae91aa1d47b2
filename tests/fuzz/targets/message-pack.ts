import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { jsonCodec, messagePackCodec } from '../../../src/protocol/wire/frame-codec.js';
import { packMessage, unpackMessage } from '../../../src/protocol/wire/message-pack.js';
import { expectThat } from '../engine/fault.js';
import { outcomeOf } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asBytes } from '../inputs/form.js';
import { mutatedBytes } from '../inputs/mutated-bytes.js';
import { jsonValues } from '../inputs/mutated-json.js';
import { STRINGS } from '../inputs/words.js';
import { CLIENT_FRAMES } from './frame-samples.js';

const samples = CLIENT_FRAMES.map((frame) => packMessage(frame));

/** Arrays and maps that claim to hold millions, and nests of them. */
const claims = fc
  .tuple(
    fc.constantFrom(0xdc, 0xdd, 0xde, 0xdf, 0x91, 0x81, 0xc6, 0xdb),
    fc.nat({ max: 4 }),
    fc.nat({ max: 3 }),
  )
  .map(([first, filler, exponent]) =>
    Buffer.concat(
      Array.from({ length: 10 ** exponent }, () =>
        Buffer.from([first, ...Array.from({ length: filler }, () => 0xff)]),
      ),
    ),
  );

/** MessagePack and JSON frames off the wire: a frame, or a `DustError`, and never more than was said. */
export function messagePackTarget(
  subject = { unpackMessage, codecs: [messagePackCodec, jsonCodec] },
): Target {
  const check = (bytes: Uint8Array): void => {
    for (const codec of subject.codecs) {
      const frame = outcomeOf(() => codec.decode(bytes))?.value;
      if (frame === undefined) continue;
      const again = codec.decode(codec.encode(frame));
      expectThat(isDeepStrictEqual(again, frame), `a frame of ${codec.vsn} does not come back as it was`);
    }
    let data: unknown;
    try {
      data = subject.unpackMessage(bytes);
    } catch {
      return;
    }
    expectThat(countValues(data) <= bytes.length, 'more values than bytes');
    expectThat(!hasPrototypeOfItsOwn(data), 'an object with a prototype of its own');
  };
  return defineTarget({
    name: 'message-pack',
    share: 16,
    batch: 1000,
    inputs: fc.oneof(
      { weight: 6, arbitrary: mutatedBytes({ samples, words: STRINGS }) },
      { weight: 2, arbitrary: jsonValues.map((value) => packMessage([null, '1', 't', 'e', value])) },
      { weight: 1, arbitrary: claims },
    ),
    form: asBytes,
    open: () => Promise.resolve({ check }),
  });
}

function childrenOf(data: unknown): unknown[] {
  return typeof data === 'object' && data !== null ? Object.values(data) : [];
}

/** By a list instead of recursion: what is decoded may be nested. */
function everyValue(data: unknown): unknown[] {
  const all = [data];
  for (const value of all) for (const child of childrenOf(value)) all.push(child);
  return all;
}

function countValues(data: unknown): number {
  return everyValue(data).length;
}

function hasPrototypeOfItsOwn(data: unknown): boolean {
  return everyValue(data).some(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      ![Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)),
  );
}
