import type { CompareOptions } from 'dust-orm';
import type { Request, Response } from 'express';
import { HttpError } from './http-error.js';
import type { Link } from './link.entity.js';

const etagOf = ({ revision }: Link): string => `"${revision}"`;

/** Answers with a link and its ETag; Express makes a 304 of it when the client has this revision. */
export function sendLink(response: Response, link: Link): void {
  response.set('ETag', etagOf(link)).json(link);
}

/**
 * What a write must find, by the request's `If-Match`: the revision of the link as it was read; nothing without the
 * header.
 *
 * @throws HttpError 412 when the link has another revision already
 */
export function precondition(request: Request, link: Link): CompareOptions {
  const header = request.get('If-Match')?.trim();
  if (header === undefined || header === '*') return {};
  // A proxy that compresses answers makes weak tags of them, of the same revision.
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes(etagOf(link))) return { ifMatch: link.revision };
  throw new HttpError(412, 'conflict', 'The link has changed meanwhile. Read it again.');
}
