import { readShelvedFile, shelvedFile } from '../../../src/cluster/file-content.js';
import type { StoredBlob } from '../../../src/store/index.js';

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function shelved(blob: StoredBlob): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of shelvedFile(blob)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

const BLOBS: readonly StoredBlob[] = [
  { content: new Uint8Array([1, 2, 3]), contentType: 'text/plain', filename: 'ä.txt' },
  { content: new Uint8Array(), contentType: 'text/plain' },
];

it.each(BLOBS)('%j comes back from a shelf, in whatever pieces', async (blob) => {
  const bytes = await shelved(blob);
  for (const size of [1, 3, 7, bytes.length]) {
    expect(await readShelvedFile(inPieces(bytes, size))).toEqual(blob);
  }
});

it.each([
  ['nothing', []],
  ['less than a length', [0, 0, 0]],
  ['a length of nothing', [0, 0, 0, 0]],
  ['a length beyond the end', [255, 255, 255, 255, 123, 125]],
  ['labels that say nothing', [0, 0, 0, 2, 123, 125, 1]],
  ['labels that are no object', [0, 0, 0, 4, 110, 117, 108, 108]],
])('%s is no file', async (_, bytes) => {
  expect(await readShelvedFile(inPieces(new Uint8Array(bytes), 4))).toBeUndefined();
});
