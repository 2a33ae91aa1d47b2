/** About how many characters are written at once. */
const BATCH = 64 * 1024;

/** Lines joined into larger texts, each line with its end: a write for every line would be slow. */
export async function* batched(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < BATCH) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
