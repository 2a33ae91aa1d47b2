import { draw } from '../../../../scripts/mutation/draw.js';
import type { Mutant } from '../../../../scripts/mutation/mutant.js';

const POPULATION = Array.from({ length: 100 }, (_, i): Mutant => ({
  file: 'src/a.ts',
  line: i,
  kind: 'call',
  within: 'f',
  start: i,
  end: i + 1,
  original: `call(\n  ${i}\n);`,
  replacement: ';',
}));

const rules = { equivalent: [], parses: () => true };
const lines = (seed: number, count = 10): readonly number[] =>
  draw(POPULATION, count, seed, rules).mutants.map(({ line }) => line);

describe('a draw of mutants', () => {
  it('is the same for the same seed, and begins the same when it is longer', () => {
    expect(lines(7)).toEqual(lines(7));
    expect(lines(7, 20).slice(0, 10)).toEqual(lines(7));
    expect(lines(7)).not.toEqual(lines(8));
  });

  it('draws each once, and all when there are not so many', () => {
    expect(new Set(lines(1, 500)).size).toBe(100);
  });

  it('replaces one that is listed as equivalent, wherever it stands, and tells of it', () => {
    const [first] = draw(POPULATION, 1, 7, rules).mutants;
    const { line } = first!;
    const equivalent = [
      {
        file: 'src/a.ts',
        within: 'f',
        original: `call( ${line} );`,
        replacement: ';',
        reason: 'nobody can see it',
      },
    ];
    const { mutants, setAside } = draw(POPULATION, 10, 7, { ...rules, equivalent });
    expect(setAside).toEqual([first]);
    expect(mutants.map((mutant) => mutant.line)).toEqual(lines(7, 11).slice(1));
  });

  it('leaves out what is no program', () => {
    const odd = draw(POPULATION, 100, 7, { ...rules, parses: ({ line }) => line % 2 === 1 });
    expect(odd.mutants).toHaveLength(50);
  });
});
