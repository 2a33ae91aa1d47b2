import type { FindManyOptions } from 'dust-orm';
import { ILike } from 'dust-orm';
import type { Request } from 'express';
import { HttpError } from './http-error.js';
import type { Link } from './link.entity.js';

type Body = Readonly<Record<string, unknown>>;

/** The properties of a link that clients may write. Their types are checked by the entity's own rules. */
type Written = Pick<Link, 'title' | 'url' | 'note'>;

const MAX_TAKE = 100;

/** A link to add. Without a slug of its own it gets one made of its title. */
export function newLink(request: Request): Written & Pick<Link, 'slug'> {
  const body = bodyOf(request);
  const { slug = slugOf(body.title) } = body;
  return { ...written(body), slug } as Written & Pick<Link, 'slug'>;
}

/** What to change of a link; what the body leaves out is undefined, and so stays as it is. */
export function changes(request: Request): Partial<Written> {
  return written(bodyOf(request)) as Partial<Written>;
}

/** The page of the list that `?search=&skip=&take=` asks for, newest first. */
export function listOptions({ query }: Request): FindManyOptions<Link> {
  const { search } = query;
  const page: FindManyOptions<Link> = {
    order: { addedAt: 'DESC', slug: 'ASC' },
    skip: numberOf('skip', query.skip, { byDefault: 0, most: Number.MAX_SAFE_INTEGER }),
    take: numberOf('take', query.take, { byDefault: 20, most: MAX_TAKE }),
  };
  if (typeof search !== 'string' || search === '') return page;
  const contains = ILike(`%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  return { ...page, where: [{ title: contains }, { url: contains }, { note: contains }] };
}

function written({ title, url, note }: Body): Readonly<Record<keyof Written, unknown>> {
  return { title, url, note };
}

function bodyOf({ body }: Request): Body {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  throw new HttpError(400, 'invalid_body', 'Send a JSON object, with content-type application/json.');
}

/** The words of the title; `link` where there are none, so that the title itself is what is complained about. */
function slugOf(title: unknown): string {
  const text = typeof title === 'string' ? title.normalize('NFC').toLowerCase() : '';
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)?.join('-') ?? 'link';
  // Cut by characters: half of one cannot be stored.
  return Array.from(words).slice(0, 80).join('').replace(/-$/, '');
}

function numberOf(
  name: string,
  value: unknown,
  { byDefault, most }: { readonly byDefault: number; readonly most: number },
): number {
  if (value === undefined || value === '') return byDefault;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
  if (number <= most) return number;
  const message = `${name} must be a whole number from 0 to ${most}`;
  throw new HttpError(400, 'invalid_query', message, { [name]: [message] });
}
