import type { StoredBlob } from '../store/index.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How many bytes in front say how long the labels are. */
const LENGTH_BYTES = 4;

/** A file as it lies on the shelf: its labels, and its content behind them. */
export async function* shelvedFile({
  content,
  contentType,
  filename,
}: StoredBlob): AsyncIterable<Uint8Array> {
  const labels = encoder.encode(JSON.stringify({ contentType, filename }));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, labels.byteLength);
  yield await Promise.resolve(length);
  yield labels;
  yield content;
}

/** A file that lay on the shelf; undefined for what is none. */
export async function readShelvedFile(pieces: AsyncIterable<Uint8Array>): Promise<StoredBlob | undefined> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const bytes = Buffer.concat(all);
  if (bytes.byteLength < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt32BE(0);
  const labels = labelsOf(bytes.subarray(LENGTH_BYTES, end));
  return labels && { ...labels, content: new Uint8Array(bytes.subarray(end)) };
}

function labelsOf(bytes: Uint8Array): Omit<StoredBlob, 'content'> | undefined {
  try {
    const { contentType, filename } = Object(JSON.parse(decoder.decode(bytes))) as Partial<StoredBlob>;
    if (typeof contentType !== 'string') return undefined;
    return typeof filename === 'string' ? { contentType, filename } : { contentType };
  } catch {
    return undefined;
  }
}
