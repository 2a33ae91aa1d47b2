/** Takes the token out of a text. */
export type Scrub = (text: string) => string;

const INSTEAD = '[token]';

/** A {@link Scrub} that knows `token` as it is, percent-encoded and escaped for JSON, in either case. */
export function createScrub(token: string): Scrub {
  const forms = new Set([token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)]);
  const pattern = [...forms]
    .sort((a, b) => b.length - a.length)
    .map(escapeRegExp)
    .join('|');
  const expression = new RegExp(pattern, 'gi');
  return (text) => text.replace(expression, INSTEAD);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
