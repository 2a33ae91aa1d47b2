import type { Verdict } from '../../../../scripts/mutation/judge.js';
import type { Kind } from '../../../../scripts/mutation/mutant.js';
import { lineOf, pageOf, shares } from '../../../../scripts/mutation/report.js';

const verdict = (file: string, kind: Kind, outcome: Verdict['outcome']): Verdict => ({
  mutant: { file, kind, line: 3, within: 'f', start: 0, end: 1, original: 'a || b', replacement: ';' },
  outcome,
  by: 'tests/x.test.ts: sees it',
  seconds: 2.4,
});

const VERDICTS = [
  verdict('src/sync/a.ts', 'release', 'noticed'),
  verdict('src/sync/b/c.ts', 'call', 'survived'),
  verdict('src/sync/b/c.ts', 'call', 'timeout'),
  verdict('src/store/d.ts', 'release', 'survived'),
];

describe('the report', () => {
  it('counts by folder, the releases and all; what hangs is noticed', () => {
    expect(shares(VERDICTS)).toEqual([
      { name: 'src/store', noticed: 0, of: 1, percent: 0 },
      { name: 'src/sync', noticed: 2, of: 3, percent: 66.6 },
      { name: 'releases', noticed: 1, of: 2, percent: 50 },
      { name: 'all', noticed: 2, of: 4, percent: 50 },
    ]);
  });

  it('never rounds up to what was asked for', () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      verdict('src/a/b.ts', 'call', i < 501 ? 'survived' : 'noticed'),
    );
    expect(shares(many).at(-1)).toMatchObject({ percent: 94.9 });
  });

  it('tells place, change and test of each', () => {
    expect(lineOf(VERDICTS[1]!)).toBe(
      'SURVIVED    2 s  src/sync/b/c.ts:3 call: a || b → (nothing)\n                tests/x.test.ts: sees it',
    );
    expect(pageOf('4 mutants', VERDICTS)).toContain(
      '| src/store/d.ts:3 | release | `a \\|\\| b` |  | **SURVIVED** | tests/x.test.ts: sees it |',
    );
  });
});
