/** Stands on a page for any number of lines, which differ from one machine to the next. */
const ANY_LINES = '…';

/** Whether what was printed is what the page says. */
export function isAsShown(printed: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first !== ANY_LINES) return printed[0] === first && isAsShown(printed.slice(1), rest);
  return [...printed, undefined].some((_, skipped) => isAsShown(printed.slice(skipped), rest));
}

/** The lines of both, `-` before what only the page has and `+` before what was only printed. */
export function difference(printed: readonly string[], shown: readonly string[]): string {
  const same = commonStart(printed, shown);
  const rest = Math.min(printed.length, shown.length) - same;
  const sameAtEnd = Math.min(rest, commonStart(printed.toReversed(), shown.toReversed()));
  return [
    ...shown.slice(0, same).map((line) => `  ${line}`),
    ...shown.slice(same, shown.length - sameAtEnd).map((line) => `- ${line}`),
    ...printed.slice(same, printed.length - sameAtEnd).map((line) => `+ ${line}`),
    ...shown.slice(shown.length - sameAtEnd).map((line) => `  ${line}`),
  ].join('\n');
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
