/** What a terminal acts on, and what forges the end of a line, a column or an order of reading. */
const ACTED_ON = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** A path, or another text of the store, as it may be shown on a line: control characters stand as JSON writes them, `\u001b`. */
export function shownText(text: string): string {
  return text.replace(ACTED_ON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As {@link shownText}, of a text that may have several lines. */
export function shownLines(text: string): string {
  return text.split('\n').map(shownText).join('\n');
}

/** A value as JSON, which itself leaves some of those characters as they are. */
export function shownJson(value: unknown): string {
  return shownText(JSON.stringify(value));
}
