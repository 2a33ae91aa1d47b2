import type { FrameCodec } from './frame-codec.js';
import type { Frame, WireSnapshotEntry } from './frames.js';
import { packMessage } from './message-pack.js';
import type { Path } from '../paths/path.js';

/** Bytes of a piece, about. */
const PIECE = 256 * 1024;

const [ARRAY_OF_5, MAP_OF_2, MAP_32] = [0x95, 0x82, 0xdf];

/** How one serialisation writes a snapshot piece by piece, and a frame around it. */
interface PieceWriter {
  around(frame: Frame): readonly [before: Uint8Array, behind: Uint8Array];
  begin(seq: number, count: number): Uint8Array;
  entry(path: Path, entry: WireSnapshotEntry, isFirst: boolean): Uint8Array;
  readonly end: Uint8Array;
}

const jsonWriter: PieceWriter = {
  around: ([joinRef, ref, topic, event]) => {
    const text = JSON.stringify([joinRef, ref, topic, event]);
    return [Buffer.from(`${text.slice(0, -1)},`), Buffer.from(']')];
  },
  begin: (seq) => Buffer.from(`{"snapshot_seq":${seq},"entries":{`),
  entry: (path, entry, isFirst) =>
    Buffer.from(`${isFirst ? '' : ','}${JSON.stringify(path)}:${JSON.stringify(entry)}`),
  end: Buffer.from('}}'),
};

const messagePackWriter: PieceWriter = {
  around: ([joinRef, ref, topic, event]) => [
    Buffer.concat([Buffer.from([ARRAY_OF_5]), ...[joinRef, ref, topic, event].map(packMessage)]),
    Buffer.alloc(0),
  ],
  begin: (seq, count) => {
    const map = Buffer.from([MAP_32, 0, 0, 0, 0]);
    map.writeUInt32BE(count, 1);
    const fields = ['snapshot_seq', seq, 'entries'].map(packMessage);
    return Buffer.concat([Buffer.from([MAP_OF_2]), ...fields, map]);
  },
  entry: (path, entry) => Buffer.concat([packMessage(path), packMessage(entry)]),
  end: Buffer.alloc(0),
};

function writerOf({ vsn }: FrameCodec): PieceWriter {
  return vsn === '2.0.0' ? jsonWriter : messagePackWriter;
}

/** What stands before and behind the payload in a frame; the payload that the frame has itself counts for nothing. */
export function aroundPayload(
  codec: FrameCodec,
  frame: Frame,
): readonly [before: Uint8Array, behind: Uint8Array] {
  return writerOf(codec).around(frame);
}

/** The bytes of a snapshot as a payload, in pieces. They are never together, nor is there an object of it all. */
export function snapshotPieces(
  codec: FrameCodec,
  seq: number,
  entries: Iterable<readonly [Path, WireSnapshotEntry]>,
): readonly Uint8Array[] {
  const writer = writerOf(codec);
  const pieces: Uint8Array[] = [];
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let count = 0;
  for (const [path, entry] of entries) {
    const written = writer.entry(path, entry, count === 0);
    count++;
    gathered.push(written);
    bytes += written.length;
    if (bytes < PIECE) continue;
    pieces.push(Buffer.concat(gathered));
    [gathered, bytes] = [[], 0];
  }
  return [writer.begin(seq, count), ...pieces, Buffer.concat([...gathered, writer.end])];
}
