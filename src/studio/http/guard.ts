import type { IncomingMessage } from 'node:http';
import { StudioRefusal } from '../errors.js';

/** What no request may go without, whoever makes it. */
export interface Expected {
  /** Host and port, as a browser names them. */
  readonly host: string;
}

/**
 * A name that somebody has pointed to this machine is not ours, and neither is a page of another origin that asks on its
 * visitor's behalf. The first navigation, of a person to an address, comes from
 * nowhere or by a link of any page: browsers name no origin then.
 *
 * @throws StudioRefusal
 */
export function checkOrigin({ headers }: IncomingMessage, { host }: Expected, isFirst: boolean): void {
  // DNS rebinding: the name would be of another's domain, the address ours.
  if (headers.host !== host) throw refused(`This is the studio of ${host}, and answers to no other name.`);
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
  if (origin !== undefined && origin !== `http://${host}`) throw refused(FROM_ELSEWHERE);
  if (isFirst) {
    // A navigation of the whole window; what is embedded or fetched somewhere has no business here.
    if (mode !== undefined && mode !== 'navigate') throw refused(FROM_ELSEWHERE);
    if (dest !== undefined && dest !== 'document') throw refused(FROM_ELSEWHERE);
    return;
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused(FROM_ELSEWHERE);
}

const FROM_ELSEWHERE = 'The studio answers its own page, and no other one.';

function refused(message: string): StudioRefusal {
  return new StudioRefusal(403, 'forbidden', message);
}

/** A browser that fetches ahead of what its user does would use up what is good for one visit. */
export function isAhead({ headers }: IncomingMessage): boolean {
  return [headers['sec-purpose'], headers.purpose, headers['x-moz']].some((value) =>
    /prefetch|prerender|preview/i.test(String(value ?? '')),
  );
}

/** The values that a request brings of a cookie: more than one when it was set on several paths. */
export function cookiesOf({ headers }: IncomingMessage, name: string): readonly string[] {
  return (headers.cookie ?? '').split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at !== -1 && part.slice(0, at).trim() === name ? [part.slice(at + 1).trim()] : [];
  });
}
