/** A character, or `undefined` for `_`: any one character. */
type Token = string | undefined;

/** The text between two `%`, one token for each character. */
type Chunk = readonly Token[];

/**
 * Compiles a `LIKE` pattern into a test of whole texts; `undefined` when the pattern ends in a lone backslash. Runs of
 * `%` are searched from the left and never tried again, so that the time is at most text length times pattern length.
 */
export function compileLike(pattern: string, ignoreCase: boolean): ((text: string) => boolean) | undefined {
  const characters = ignoreCase ? foldedCharacters : Array.from<string>;
  const chunks = parse(pattern, characters);
  if (chunks === undefined) return undefined;
  const [first = [], ...rest] = chunks;
  const last = rest.pop();
  return (text) => {
    const input = characters(text);
    if (last === undefined) return input.length === first.length && matchesAt(input, 0, first);
    const end = input.length - last.length;
    if (end < first.length || !matchesAt(input, 0, first) || !matchesAt(input, end, last)) return false;
    let from = first.length;
    for (const chunk of rest) {
      const found = search(input, from, end, chunk);
      if (found === -1) return false;
      from = found + chunk.length;
    }
    return true;
  };
}

function parse(pattern: string, characters: (text: string) => string[]): Chunk[] | undefined {
  let chunk: Token[] = [];
  const chunks = [chunk];
  let escaped = false;
  for (const character of characters(pattern)) {
    if (escaped || !['%', '_', '\\'].includes(character)) {
      chunk.push(character);
      escaped = false;
    } else if (character === '\\') {
      escaped = true;
    } else if (character === '_') {
      chunk.push(undefined);
    } else {
      chunks.push((chunk = []));
    }
  }
  return escaped ? undefined : chunks;
}

/** The first place in `input`, from `from` on and ending by `end`, where the chunk fits; -1 when there is none. */
function search(input: readonly string[], from: number, end: number, chunk: Chunk): number {
  for (let at = from; at + chunk.length <= end; at++) {
    if (matchesAt(input, at, chunk)) return at;
  }
  return -1;
}

function matchesAt(input: readonly string[], at: number, chunk: Chunk): boolean {
  return chunk.every((token, i) => token === undefined || token === input[at + i]);
}

function foldedCharacters(text: string): string[] {
  return Array.from(text, (character) => character.toLowerCase());
}
