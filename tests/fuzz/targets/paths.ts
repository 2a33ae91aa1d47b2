import * as fc from 'fast-check';
import { parsePath, pathFault, renderPath } from '../../../src/protocol/paths/path.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOf } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asText } from '../inputs/form.js';
import { mutatedText } from '../inputs/mutated-bytes.js';
import { strings } from '../inputs/mutated-json.js';
import { STRINGS } from '../inputs/words.js';

const SAMPLES = [
  'reading/links/dust/title',
  'a',
  'a~0b/~1/~01',
  'ä/😀/\u0000',
  '*/**/\\*',
  '__proto__/length',
];

/** Paths as anybody may send them, against a model that reads one character after another. */
export function pathsTarget(subject = { parsePath, pathFault, renderPath }): Target {
  return defineTarget({
    name: 'paths',
    share: 16,
    batch: 2000,
    inputs: fc.oneof(
      mutatedText(SAMPLES, STRINGS),
      fc.array(strings).map((all) => all.join('/')),
    ),
    form: asText,
    open: () => Promise.resolve({ check: (path: string) => check(path, subject) }),
  });
}

function check(path: string, subject: Parameters<typeof pathsTarget>[0] & object): void {
  const expected = modelOf(path);
  const parsed = outcomeOf(() => subject.parsePath(path))?.value;
  expectThat(same(parsed, expected), `parsePath gave ${shown(parsed)}, the model ${shown(expected)}`);
  const isValid = subject.pathFault(path) === undefined;
  expectThat(isValid === (expected !== undefined), `pathFault says ${isValid ? 'valid' : 'invalid'}`);
  if (parsed !== undefined) expectThat(subject.renderPath(parsed) === path, 'rendered it differs');
  // Any text is a segment, if it is one at all.
  const rendered = outcomeOf(() => subject.renderPath([path]))?.value;
  const segmentFits = path !== '' && isWellFormed(path);
  expectThat((rendered !== undefined) === segmentFits, `rendered as a segment it gave ${shown(rendered)}`);
  if (rendered !== undefined) {
    expectThat(same(subject.parsePath(rendered), [path]), 'a segment does not come back');
  }
}

/** The segments, or undefined for what is no path (PROTOCOL §1). */
function modelOf(path: string): string[] | undefined {
  const segments = [''];
  for (let i = 0; i < path.length; i++) {
    const unit = path.charAt(i);
    if (unit === '/') {
      segments.push('');
      continue;
    }
    const next = path.charAt(i + 1);
    if (unit === '~' && next !== '0' && next !== '1') return undefined;
    segments.push(`${segments.pop() ?? ''}${unit === '~' ? (next === '0' ? '~' : '/') : unit}`);
    if (unit === '~') i++;
  }
  return segments.includes('') || !isWellFormed(path) ? undefined : segments;
}

function isWellFormed(text: string): boolean {
  // Surrogates that are not in pairs are points of their own.
  return Array.from(text).every((point) => point.length === 2 || !/[\ud800-\udfff]/.test(point));
}

function same(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
