import ts from 'typescript';

/** A stretch of a file that runs as one, but for what leaves it early: a body, a branch. */
interface Region {
  readonly start: number;
  readonly end: number;
  /** Whether it is an expression, not statements. */
  readonly expression: boolean;
}

/** The regions of a file, in the order of the text. Their numbers are their places in it. */
export function regionsOf(source: ts.SourceFile): readonly Region[] {
  const regions: Region[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) {
      regions.push({ start: node.getStart() + 1, end: node.getEnd() - 1, expression: false });
    } else if (ts.isCaseOrDefaultClause(node)) {
      regions.push({ start: endOfColon(node), end: node.getEnd(), expression: false });
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      regions.push({ start: node.body.getStart(), end: node.body.getEnd(), expression: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return regions.sort((a, b) => a.start - b.start || b.end - a.end);
}

function endOfColon(clause: ts.CaseOrDefaultClause): number {
  return clause
    .getChildren()
    .find(({ kind }) => kind === ts.SyntaxKind.ColonToken)!
    .getEnd();
}

/** The number of the innermost region that holds an offset; undefined outside of all. */
export function regionAt(regions: readonly Region[], offset: number): number | undefined {
  const index = regions.findLastIndex(({ start, end }) => start <= offset && offset < end);
  return index < 0 ? undefined : index;
}

/**
 * The file with a note at the start of each region: it adds `name#number` to the set `__ran` of the global object, where there is
 * one. One without regions is run by whatever loads it, and adds `name#`. Lines keep their numbers.
 */
export function instrumented(source: ts.SourceFile, name: string): string {
  const regions = regionsOf(source);
  const notes = regions.flatMap(({ start, end, expression }, i) => {
    const note = `__ran?.add(${JSON.stringify(`${name}#${i}`)})`;
    return expression
      ? [
          { at: start, text: `(${note}, ` },
          { at: end, text: ')' },
        ]
      : [{ at: start, text: `${note};` }];
  });
  let text = source.text;
  for (const { at, text: added } of notes.sort((a, b) => b.at - a.at)) {
    text = text.slice(0, at) + added + text.slice(at);
  }
  const shebang = /^#!.*\n/.exec(text)?.[0] ?? '';
  const loaded = regions.length === 0 ? ` __ran?.add(${JSON.stringify(`${name}#`)});` : '';
  return `${shebang}var __ran = globalThis.__ran;${loaded} ${text.slice(shebang.length)}`;
}
