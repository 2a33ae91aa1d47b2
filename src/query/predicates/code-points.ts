/** How many code units the code point at `at` takes. */
export function widthAt(text: string, at: number): 1 | 2 {
  return isPairAt(text, at) ? 2 : 1;
}

/** Where the code point before `end` begins; -1 when there is none. */
export function startBefore(text: string, end: number): number {
  return isPairAt(text, end - 2) ? end - 2 : end - 1;
}

/** Whether `at` does not lie inside of a code point. */
export function isBoundary(text: string, at: number): boolean {
  return !isPairAt(text, at - 1);
}

function isPairAt(text: string, at: number): boolean {
  return isSurrogate(text.charCodeAt(at), 0xd800) && isSurrogate(text.charCodeAt(at + 1), 0xdc00);
}

function isSurrogate(unit: number, first: number): boolean {
  return unit >= first && unit < first + 0x400;
}
