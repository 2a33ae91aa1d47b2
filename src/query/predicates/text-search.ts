import { isBoundary } from './code-points.js';

/** The first place in a text, from `from` on, where what is looked for stands, no code point cut in two; -1 when there is none. */
export type Finder = (text: string, from: number) => number;

/** Up to this length `indexOf` takes at most so many steps for each unit of the text. */
const SHORT = 16;

/** Finds `wanted` in time linear in the text, whatever both are: `indexOf` takes their product at worst. */
export function finderOf(wanted: string): Finder {
  if (wanted.length <= SHORT) return (text, from) => findShort(text, from, wanted);
  let borders: Int32Array | undefined;
  return (text, from) => find(text, from, wanted, (borders ??= bordersOf(wanted)));
}

function findShort(text: string, from: number, wanted: string): number {
  let at = text.indexOf(wanted, from);
  while (at !== -1 && !isWhole(text, at, wanted)) at = text.indexOf(wanted, at + 1);
  return at;
}

/** Knuth, Morris and Pratt's search: no unit of the text is read twice. */
function find(text: string, from: number, wanted: string, borders: Int32Array): number {
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    matched = extend(wanted, borders, matched, text.charCodeAt(at));
    if (matched < wanted.length) continue;
    const start = at + 1 - matched;
    if (isWhole(text, start, wanted)) return start;
    matched = borders[matched] ?? 0;
  }
  return -1;
}

function isWhole(text: string, at: number, wanted: string): boolean {
  return isBoundary(text, at) && isBoundary(text, at + wanted.length);
}

/** Of each beginning of `wanted`, by its length: how much of it, less than all, is its end as well. */
function bordersOf(wanted: string): Int32Array {
  const borders = new Int32Array(wanted.length + 1);
  for (let length = 2; length <= wanted.length; length++) {
    borders[length] = extend(wanted, borders, borders[length - 1] ?? 0, wanted.charCodeAt(length - 1));
  }
  return borders;
}

/** How much of `wanted` has been met once `unit` has, where `matched` units of it, not all, had been before. */
function extend(wanted: string, borders: Int32Array, matched: number, unit: number): number {
  let length = matched;
  while (length > 0 && wanted.charCodeAt(length) !== unit) length = borders[length] ?? 0;
  return wanted.charCodeAt(length) === unit ? length + 1 : 0;
}
