import { badRequest } from '../errors.js';

/** Where a page of records begins, and the way back from there. */
export interface Place {
  /** The planner's cursor; null for the first page. */
  readonly after: string | null;
  /** The cursors of the pages before, the nearest last. */
  readonly before: readonly (string | null)[];
  /** What the first page passed over. */
  readonly skip: number;
}

/** The text of a place, which the page gives back as it is. */
export function textOf({ after, before, skip }: Place): string {
  return Buffer.from(JSON.stringify([after, before, skip])).toString('base64url');
}

/** @throws StudioRefusal for what is no text of a place */
export function placeOf(text: string): Place {
  const [after, before, skip] = parsed(text);
  if (
    isCursor(after) &&
    Array.isArray(before) &&
    before.every(isCursor) &&
    typeof skip === 'number' &&
    Number.isSafeInteger(skip) &&
    skip >= 0
  ) {
    return { after, before, skip };
  }
  throw badRequest('"cursor" is the `next` or the `previous` of another page.');
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isCursor(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
