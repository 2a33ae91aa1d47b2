import type { Gunzip, Gzip } from 'node:zlib';
import { createGunzip, createGzip } from 'node:zlib';
import { messageOf } from '../../errors.js';
import { damagedSnapshot } from './errors.js';

/** How many bytes in front of a record say how long it is. */
const LENGTH_BYTES = 4;

/** No record is longer: the largest value that a frame carries fits in, with room. */
const MAX_RECORD_BYTES = 268_435_456;

/** A record as it is written: its length, and its text. */
export function framed(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + size);
  bytes.writeUInt32BE(size);
  bytes.write(text, LENGTH_BYTES);
  return bytes;
}

/** How bytes are made fewer. When a reader stops, the source ends. */
export interface Compression {
  compress(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** @throws Error for bytes that were not compressed so, and what the source fails with */
  expand(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** By zlib, in its threads. */
export const gzip: Compression = {
  compress: (source) => through(source, createGzip()),
  expand: (source) => through(source, createGunzip()),
};

/**
 * The records that bytes hold.
 *
 * @throws DustError `storage` with detail `damaged_snapshot`, and what the source fails with
 */
export async function* records(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer[] = [];
  let size = 0;
  let wanted = LENGTH_BYTES;
  let isLength = true;
  for await (const { buffer, byteOffset, byteLength } of source) {
    const piece = Buffer.from(buffer, byteOffset, byteLength);
    rest.push(piece);
    size += piece.byteLength;
    while (size >= wanted) {
      const all = rest.length === 1 ? rest[0]! : Buffer.concat(rest);
      const taken = all.subarray(0, wanted);
      rest = [all.subarray(wanted)];
      size -= wanted;
      if (isLength) {
        wanted = taken.readUInt32BE();
        if (wanted > MAX_RECORD_BYTES) throw damagedSnapshot('one of its records is too long');
      } else {
        yield taken;
        wanted = LENGTH_BYTES;
      }
      isLength = !isLength;
    }
  }
  if (size > 0 || !isLength) throw damagedSnapshot('it ends in the middle of a record');
}

/** What cannot be expanded is damaged. */
export async function* expanded(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of compression.expand(source)) yield piece;
  } catch (error) {
    throw isZlibError(error) ? damagedSnapshot(messageOf(error), error) : error;
  }
}

function isZlibError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_')
  );
}

/** What fails or stops on one side ends the other, and all that zlib holds, before this ends. */
async function* through(
  source: AsyncIterable<Uint8Array>,
  zip: Gzip | Gunzip,
): AsyncGenerator<Buffer, void, undefined> {
  const fed = feed(source, zip);
  try {
    for await (const piece of zip) yield piece as Buffer;
  } finally {
    zip.destroy();
    await fed;
  }
}

/** Never rejects: what the source fails with, the reader is told. */
async function feed(source: AsyncIterable<Uint8Array>, zip: Gzip | Gunzip): Promise<void> {
  try {
    for await (const piece of source) {
      if (zip.destroyed) return;
      if (!zip.write(piece)) await room(zip);
    }
    zip.end();
  } catch (error) {
    zip.destroy(error instanceof Error ? error : new Error(messageOf(error)));
  }
}

/** Resolves when more can be written, or nothing any more. */
async function room(zip: Gzip | Gunzip): Promise<void> {
  if (zip.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      zip.off('drain', done).off('close', done);
      resolve();
    };
    zip.on('drain', done).on('close', done);
  });
}
