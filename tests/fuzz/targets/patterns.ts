import * as fc from 'fast-check';
import { pathFault } from '../../../src/protocol/paths/path.js';
import { Pattern, literalPattern } from '../../../src/protocol/paths/pattern.js';
import { PatternIndex } from '../../../src/protocol/paths/pattern-index.js';
import { comparePaths } from '../../../src/protocol/paths/order.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOf } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asJson } from '../inputs/form.js';
import { mutatedText } from '../inputs/mutated-bytes.js';
import { STRINGS } from '../inputs/words.js';

const segments = fc.constantFrom('a', 'b', '*', '**', '\\*', '\\**', '\\\\*', '~0', 'é', '\u0000');
const paths = fc.oneof(
  { weight: 3, arbitrary: fc.array(segments, { minLength: 1, maxLength: 4 }).map((all) => all.join('/')) },
  { weight: 1, arbitrary: mutatedText(['a/*/b', 'a/**', '\\*/a'], STRINGS) },
);

type Input = readonly [pattern: string, path: string];

/** Patterns against a model that compares segment by segment, and the index of patterns against the patterns. */
export function patternsTarget(subject = { parse: (source: string) => Pattern.parse(source) }): Target {
  return defineTarget<Input>({
    name: 'patterns',
    share: 14,
    batch: 2000,
    inputs: fc.tuple(paths, paths),
    form: asJson<Input>(),
    open: () =>
      Promise.resolve({
        check: ([source, path]: Input) => {
          check(source, path, subject.parse);
        },
      }),
  });
}

function check(source: string, path: string, parse: (source: string) => Pattern): void {
  const pattern = outcomeOf(() => parse(source))?.value;
  const parts = source.split('/');
  const isPattern = pathFault(source) === undefined && !parts.slice(0, -1).includes('**');
  expectThat((pattern !== undefined) === isPattern, `parsed to ${shown(pattern)}`);
  if (pattern === undefined || pathFault(path) !== undefined) return;
  const expected = modelMatches(parts, path.split('/'));
  expectThat(pattern.matches(path) === expected, `matches() is ${!expected}, and the model says ${expected}`);
  if (expected) expectThat(isWithin(pattern, path), 'a match lies outside of the range of its pattern');
  const index = new PatternIndex<string>();
  const remove = index.add(pattern, 'it');
  let hits = 0;
  index.match(path, () => hits++);
  expectThat(hits === Number(expected), 'the index and its pattern do not agree');
  remove();
  expectThat(index.size === 0 && index.nodeCount === 1, 'the index keeps what was taken out');
  const literal = outcomeOf(() => literalPattern(path))?.value;
  if (literal !== undefined) {
    expectThat(
      parse(literal).matches(path) && parse(literal).isLiteral,
      `${literal} does not match its path`,
    );
  }
}

function modelMatches(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  const [segment, ...others] = path;
  if (segment === undefined) return false;
  if (first === '**') return true;
  const fits = first === '*' || segment === (first === '\\*' || first === '\\**' ? first.slice(1) : first);
  return fits && modelMatches(rest, others);
}

function isWithin({ range: { from, to } }: Pattern, path: string): boolean {
  return (
    (from === undefined || comparePaths(from, path) <= 0) && (to === undefined || comparePaths(path, to) < 0)
  );
}
