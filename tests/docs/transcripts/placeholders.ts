/** What a page writes in place of values that differ from run to run. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  $HTTP_DATE: String.raw`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`,
  $NUMBER: String.raw`\d+`,
  $ID: String.raw`[\w-]+`,
};
const PLACEHOLDER = /\$[A-Z_]+/g;

/**
 * The actual lines with a page's placeholders put where the page has them and the value fits. Equal to the expected lines
 * exactly when the page is right, and good to compare with them when it is not.
 */
export function withPlaceholders(actual: readonly string[], expected: readonly string[]): string[] {
  return actual.map((line, index) => {
    const pattern = expected[index];
    return pattern !== undefined && fits(line, pattern) ? pattern : line;
  });
}

function fits(line: string, pattern: string): boolean {
  const literals = pattern.split(PLACEHOLDER).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const values = pattern.match(PLACEHOLDER) ?? [];
  const source = literals
    .map((literal, i) => literal + (i < values.length ? valueOf(values[i]!) : ''))
    .join('');
  return new RegExp(`^${source}$`).test(line);
}

function valueOf(placeholder: string): string {
  const value = PLACEHOLDERS[placeholder];
  if (value === undefined) {
    throw new Error(`${placeholder} is no placeholder: ${Object.keys(PLACEHOLDERS).join(', ')}`);
  }
  return value;
}
