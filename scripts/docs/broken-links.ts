import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { filesBelow } from './files-below.js';

const LINK = /\s(?:href|src)="([^"]*)"/g;
const NAMED = /\sid="([^"]*)"/g;

/** What a link may lead to outside of the site: another host, a mail, data. */
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/**
 * Every link in the pages of a folder that leads to no file of it, or to a place that its page does not have. Links that begin
 * with a slash begin at `base`, the path that the folder is served at.
 */
export function brokenLinks(site: string, base = '/'): readonly string[] {
  const pages = filesBelow(site).filter((file) => file.endsWith('.html'));
  const html = new Map(pages.map((page) => [page, withoutScripts(readFileSync(page, 'utf8'))]));
  const places = new Map([...html].map(([page, text]) => [page, new Set(all(text, NAMED))]));

  const targetOf = (page: string, path: string): string | undefined => {
    if (!path.startsWith('/')) return resolve(dirname(page), path);
    if (!path.startsWith(base)) return undefined;
    // What a web server answers for a folder.
    const file = path.endsWith('/') ? `${path}index.html` : path;
    return join(site, file.slice(base.length));
  };
  const isBroken = (page: string, link: string): boolean => {
    if (ELSEWHERE.test(link)) return false;
    const [path = '', place = ''] = link.split('#');
    const target = path === '' ? page : targetOf(page, decodeURI(path.split('?')[0] ?? ''));
    if (target === undefined || !isInside(site, target) || !existsSync(target)) return true;
    if (statSync(target).isDirectory()) return true;
    return place !== '' && places.get(target)?.has(decodeURIComponent(place)) === false;
  };
  return [...html].flatMap(([page, text]) =>
    [...new Set(all(text, LINK))]
      .filter((link) => isBroken(page, link))
      .map((link) => `${relative(site, page)} links to ${link}, which is not there.`),
  );
}

function isInside(folder: string, file: string): boolean {
  return !relative(folder, file).startsWith('..');
}

function withoutScripts(html: string): string {
  return html.replaceAll(/<script>[\s\S]*?<\/script>/g, '');
}

function all(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found]) => unescape(found ?? ''));
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
