import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { instrumented, regionAt, regionsOf } from '../../../../scripts/mutation/regions.js';

const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile('sample.ts', text, ts.ScriptTarget.ES2022, true);

/** Runs a module's text with notes, and gives the texts of the regions that ran. */
function ranIn(text: string): readonly string[] {
  const source = parse(text);
  const { outputText } = ts.transpileModule(instrumented(source, 'sample.ts'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const ran = new Set<string>();
  runInNewContext(outputText, { __ran: ran, exports: {} });
  const regions = regionsOf(source);
  return [...ran].map((name) => {
    const { start, end } = regions[Number(name.slice('sample.ts#'.length))]!;
    return text.slice(start, end).trim();
  });
}

describe('regions', () => {
  it('tell bodies and branches that ran from those that did not', () => {
    expect(
      ranIn(`
        function f(n: number): number { if (n > 1) { return 2; } else { return 3; } }
        const g = (n: number) => f(n);
        const never = () => ({ a: 1 });
        switch (g(2) as number) { case 2: g(5); break; default: g(0); }
      `),
    ).toEqual(['f(n)', 'if (n > 1) { return 2; } else { return 3; }', 'return 2;', 'g(5); break;']);
  });

  it('may be arrow functions in arrow functions, and objects', () => {
    expect(ranIn('const f = (a: number) => (b: number) => ({ a, b }); f(1)(2);')).toEqual([
      '(b: number) => ({ a, b })',
      '({ a, b })',
    ]);
  });

  it('are none where all of a file runs when it is loaded, which is noted', () => {
    const source = parse('f(1);');
    expect(regionsOf(source)).toEqual([]);
    const ran = new Set<string>();
    runInNewContext(instrumented(source, 'sample.ts'), { __ran: ran, f: () => undefined });
    expect([...ran]).toEqual(['sample.ts#']);
    runInNewContext(instrumented(source, 'sample.ts'), { f: () => undefined });
  });

  it('change no line, and leave the first line of a program first', () => {
    const text = '#!/usr/bin/env node\nimport a from "a";\nexport const f = () => a;\n';
    const lines = instrumented(parse(text), 'x').split('\n');
    expect(lines).toHaveLength(text.split('\n').length);
    expect(lines[0]).toBe('#!/usr/bin/env node');
  });

  it('are found by what they hold, the innermost first', () => {
    const text = 'const n = 1; function f() { if (n) { g(); } }';
    const regions = regionsOf(parse(text));
    const at = (piece: string): number | undefined => regionAt(regions, text.indexOf(piece));
    expect([at('n = 1'), at('if'), at('g()')]).toEqual([undefined, 0, 1]);
  });
});
