import { posix } from 'node:path';
import { nameOnSite } from './linked-files.js';
import { addressOf, PAGES } from './pages.js';

const ON_SITE = new Set(Object.values(PAGES).flat());

/** What a link may lead to outside of the repository: another host, a mail. */
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/** Where a link of a page leads on the site. */
export interface SiteLink {
  readonly href: string;
  /** The file of the repository that it shows, which the site then needs a copy of. */
  readonly file?: string;
}

/**
 * Where a link of a page leads on the site. Pages link to each other and to files by the paths that they have in the
 * repository; on the site every page has an address, and a file that is no page is shown as text below `source/`.
 */
export function siteLink(page: string, link: string): SiteLink {
  if (ELSEWHERE.test(link) || link.startsWith('#')) return { href: link };
  const [path = '', place] = link.split('#');
  const target = posix.join(posix.dirname(page), path);
  const anchor = place === undefined ? '' : `#${place}`;
  // The front page of the site has no sections of the README.
  if (target === 'README.md') return { href: '/' };
  if (ON_SITE.has(target)) return { href: `/${addressOf(target)}.md${anchor}` };
  return { href: `/${sourceAddress(target)}`, file: target };
}

/** Where the site shows a file of the repository. */
export function sourceAddress(file: string): string {
  return `source/${nameOnSite(file)}`;
}
