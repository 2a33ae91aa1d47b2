const MAX_EXCERPT = 80;
const MAX_DETAIL = 300;

/** The beginning of a body, on one line, for a message. Scrub the body first: a token cut in two is found no more. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return 'an empty body';
  return JSON.stringify(cut(line, MAX_EXCERPT));
}

/** The server's own words as the end of a message, or nothing. Scrub them first. */
export function quoteDetail(detail: string | undefined): string {
  return detail === undefined ? '' : ` The server says: ${JSON.stringify(cut(detail, MAX_DETAIL))}.`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
