/** The variables that earlier command lines have exported. */
export type Variables = ReadonlyMap<string, string>;

const DOUBLE_QUOTED = String.raw`"((?:\\[\s\S]|[^"\\])*)"`;
const PIECE = new RegExp(
  String.raw`(\s+|\\\n)|\\([\s\S])|'([^']*)'|${DOUBLE_QUOTED}|\$(\w+)|([\w./:,=@%+^-]+)`,
  'y',
);
const CLOSED = new RegExp(String.raw`\\[\s\S]|'[^']*'|${DOUBLE_QUOTED}`, 'g');

/** Whether a command line ends here: no quote is open and no backslash continues it. */
export function isComplete(commandLine: string): boolean {
  return !/['"\\]/.test(commandLine.replaceAll(CLOSED, ''));
}

/**
 * The words of a command line as every shell reads them: quotes, backslashes and variables. No shell is started, and what
 * a shell would give any other meaning is refused, so that a page holds nothing that works in some shells only.
 */
export function words(commandLine: string, variables: Variables): string[] {
  const found: string[] = [];
  let word: string | undefined;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < commandLine.length) {
    const at = PIECE.lastIndex;
    const piece = PIECE.exec(commandLine);
    if (piece === null) throw new Error(`Quote what a shell would interpret: ${commandLine.slice(at)}`);
    const [, space, escaped, single, double, name, plain] = piece;
    if (space === undefined) {
      word = (word ?? '') + (escaped ?? single ?? plain ?? valueOf(name) ?? inDoubleQuotes(double ?? ''));
    } else if (word !== undefined && space !== '\\\n') {
      found.push(word);
      word = undefined;
    }
  }
  return word === undefined ? found : [...found, word];

  function valueOf(name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const value = variables.get(name);
    if (value === undefined) throw new Error(`$${name} is used before it is exported: ${commandLine}`);
    return value;
  }

  function inDoubleQuotes(text: string): string {
    return text.replaceAll(
      /\\(["\\$])|\$(\w+)/g,
      (_, escaped: string | undefined, name: string | undefined) => escaped ?? valueOf(name) ?? '',
    );
  }
}
