import type { Kind } from '../../../../scripts/mutation/mutant.js';
import { mutated } from '../../../../scripts/mutation/mutant.js';
import { parses } from '../../../../scripts/mutation/parses.js';
import { changes, mutantsOf } from './sample-program.js';

const ROWS: readonly (readonly [Kind, string, readonly string[]])[] = [
  ['condition', 'if (a.length) b();', ['a.length => !(a.length)']],
  ['condition', 'while (n > 1) n--;', ['n > 1 => !(n > 1)']],
  ['condition', 'while (true) b();', []],
  ['condition', 'const c = n > 1 ? 2 : 3;', ['n > 1 => !(n > 1)']],
  ['boundary', 'b(n < 1, n <= 1, n > 1, n >= 1);', ['< => <=', '<= => <', '> => >=', '>= => >']],
  ['equality', 'b(n === 1, n !== 1);', ['=== => !==', '!== => ===']],
  ['equality', 'if (n === 1) b();', []],
  ['arithmetic', 'n = n + 1; n -= 2;', ['+ => -', '-= => +=']],
  ['arithmetic', 'n++; --n;', ['n++ => n--', '--n => ++n']],
  ['arithmetic', "const c = text + 'x';", []],
  ['logic', 'b(yes && a, yes || a);', ['&& => ||', '|| => &&']],
  ['default', 'b(maybe ?? 1, text ?? 1);', ['?? => ||', '?? => ||']],
  ['default', 'b(list ?? []);', []],
  ['default', "b(maybe ?? 0, text ?? '');", []],
  ['negation', 'b(!yes);', ['!yes => yes']],
  ['negation', 'if (!yes) b();', []],
  ['constant', 'b(1_000, 0.5, 2n, true);', ['1_000 => 1001', '0.5 => 1.5', '2n => 3n', 'true => false']],
  ['constant', "b({ 1: 'x' }, void 0, 'text'); type T = 3 | true;", []],
  ['constant', 'const c: { x: true; y: 3; z: boolean } = { x: true, y: 3, z: true };', ['true => false']],
  ['minmax', 'b(Math.max(n, 1), Math.min(n, 1));', ['max => min', 'min => max']],
  ['call', 'b(n); log.debug("x"); delete a.x;', ['b(n); => ;', 'delete a.x; => ;']],
  ['await', 'async () => { await b(); };', ['await b() => void b()']],
  ['call', 'async () => { await b(); };', ['await b(); => ;']],
  ['assignment', 'a.x = 1;', ['a.x = 1; => ;']],
  ['assignment', 'class C { x; constructor() { this.x = 1; } }', []],
  ['throw', 'throw b();', ['throw b(); => ;']],
  ['result', 'function f() { return n > 1; }', ['n > 1 => true', 'n > 1 => false']],
  ['result', 'function f() { return n + 1; }', ['n + 1 => 0']],
  ['result', "function f() { return text + 'x'; }", ["text + 'x' => ''"]],
  ['result', 'function f() { return a.list; }', ['a.list => undefined']],
  ['result', 'function f() { return [1]; }', ['[1] => []']],
  ['result', 'function f() { return undefined; } function g() { return 1; }', []],
];

const NAMES = `
  declare let n: number; declare const a: any; declare const b: (...all: any[]) => any; declare const yes: boolean;
  declare const text: string | undefined; declare const maybe: number | undefined; declare const list: {}[] | undefined;
  declare const log: any;
`;

describe('findMutants', () => {
  it.each(ROWS)('%s: %s', (kind, text, expected) => {
    expect(changes(kind, NAMES + text)).toEqual(expected);
  });

  it('tells the place of each, and replaces it alone', () => {
    const text = 'declare const n: number;\n\nexport const big = n > 9;\n';
    const [boundary] = mutantsOf(text);
    expect(boundary).toMatchObject({ file: 'src/sample.ts', line: 3, kind: 'boundary', original: '>' });
    expect(mutated(text, boundary!)).toBe('declare const n: number;\n\nexport const big = n >= 9;\n');
  });

  it('tells the function each stands in', () => {
    const text =
      'class C { #n = 1; constructor() { b(2); } get x() { return 3; } #f() { [].map(() => 4); } } function g() { b(5); }';
    const constants = mutantsOf(NAMES + text).filter(({ kind }) => kind === 'constant');
    expect(constants.map(({ original, within }) => [original, within])).toEqual([
      ['1', ''],
      ['2', 'constructor'],
      ['3', 'x'],
      ['4', '#f'],
      ['5', 'g'],
    ]);
  });

  it('leaves types alone', () => {
    expect(mutantsOf('type T = { a: 1 }; interface I { b: true } declare function f(x: 2): void;')).toEqual(
      [],
    );
  });

  it('makes programs of `??` beside logical operators', () => {
    const text = `${NAMES} b((yes && a) ?? n); b(yes || (text ?? a)); b(yes && a && n > 1 || a);`;
    const all = mutantsOf(text);
    expect(all.length).toBeGreaterThan(8);
    for (const mutant of all) expect(parses(mutated(text, mutant))).toBe(true);
  });
});

describe('a release', () => {
  const released = (text: string): readonly string[] => changes('release', NAMES + text);

  it.each([
    ['a.close();', ['a.close(); => ;']],
    ['async () => { await a?.close(); };', ['await a?.close(); => ;']],
    ['clearTimeout(n);', ['clearTimeout(n); => ;']],
    ['const f = () => a.off("x", b);', ['a.off("x", b) => undefined']],
    [
      'const f = () => Promise.all([a.close(), a.end()]);',
      ['a.close() => undefined', 'a.end() => undefined'],
    ],
    ['void a.release().catch(b);', ['a.release() => Promise.resolve()']],
    ['new Map().delete(1);', ['new Map().delete(1); => ;']],
    ['const s = new Set(); if (!s.delete(1)) b();', ['delete => has']],
    ['try { b(); } finally { b(1); }', ['b(1); => ;']],
    ['class C { x; close() { this.x = undefined; } }', ['this.x = undefined; => ;']],
    ['class C { x; next() { this.x = undefined; } }', []],
    ['b();', []],
    ['class Repository { delete() {} } new Repository().delete();', []],
    ['b("x".endsWith("y"));', []],
  ])('%s', (text, expected) => {
    expect(released(text)).toEqual(expected);
  });

  it('is not counted again as a call', () => {
    expect(changes('call', `${NAMES} a.close();`)).toEqual([]);
  });
});
