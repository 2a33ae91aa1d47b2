import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { anchorOf } from '../../scripts/docs/anchors.js';
import { findPages } from '../../scripts/docs/find-pages.js';

const root = resolve(__dirname, '../..');
const pages = ['README.md', ...findPages(root)].map((name) => join(root, name));

const CODE = /^```[\s\S]*?^```$|`[^`\n]*`/gm;
const LINK = /\]\(([^)\s]+)\)/g;

const proseOf = (page: string): string => readFileSync(page, 'utf8').replaceAll(CODE, '');

/** The names under which a page's headings can be linked to, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
}

function isBroken(page: string, link: string): boolean {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : resolve(dirname(page), path!);
  return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

it.each(pages.map((page) => relative(root, page)))('%s links to what is there', (name) => {
  const page = join(root, name);
  const links = [...proseOf(page).matchAll(LINK)]
    .map(([, link]) => link!)
    .filter((link) => !/^[a-z]+:/.test(link));
  expect(links.filter((link) => isBroken(page, link))).toEqual([]);
});

it('every page is linked to from another', () => {
  const linked = new Set(
    pages.flatMap((page) =>
      [...proseOf(page).matchAll(LINK)]
        .map(([, link]) => resolve(dirname(page), link!.split('#')[0]!))
        .filter((target) => target !== page),
    ),
  );
  const docs = pages.filter((page) => page.startsWith(join(root, 'docs')));
  expect(docs.filter((page) => !linked.has(page))).toEqual([]);
});
