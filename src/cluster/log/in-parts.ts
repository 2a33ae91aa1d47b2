/** The same bytes, cut anew into parts of `size` bytes, of which the last one may be smaller. */
export async function* inParts(content: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = [];
  let held = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.byteLength;) {
      const some = piece.subarray(from, from + size - held);
      waiting.push(some);
      held += some.byteLength;
      from += some.byteLength;
      if (held < size) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      held = 0;
    }
  }
  if (held > 0) yield Buffer.concat(waiting);
}
