import { formatDumpHeader, isDumpHeader, parseDumpLine } from '../../protocol/wire/dump.js';

/** Bytes of one piece: far below the 8 MB that a request may have (PROTOCOL §3), and little enough to be quick. */
const PIECE_BYTES = 2 * 1024 * 1024;

/**
 * A dump in pieces that are dumps themselves: cut at the ends of lines, each with the header. A line that is longer than
 * a piece is one by itself. Every line is checked before the piece it is in.
 *
 * @throws DustError `invalid_params` with detail `invalid_dump`, naming the line
 */
export async function* dumpPieces(
  lines: AsyncIterable<string>,
): AsyncGenerator<readonly string[], void, undefined> {
  let header = formatDumpHeader();
  let piece: string[] = [];
  let bytes = 0;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (isDumpHeader(parseDumpLine(line, number))) {
      header = line;
      continue;
    }
    const size = Buffer.byteLength(line) + 1;
    if (piece.length > 0 && bytes + size > PIECE_BYTES) {
      yield [header, ...piece];
      piece = [];
      bytes = 0;
    }
    piece.push(line);
    bytes += size;
  }
  if (piece.length > 0) yield [header, ...piece];
}
