import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { filesBelow } from './files-below.js';
import { addressOf } from './pages.js';

/** A script that stands in a page; those of data are none. */
const INLINE_SCRIPT = /<script(?: id="[^"]*")?>([\s\S]+?)<\/script>/g;

/** A link of the reference to a page of the guide: as a copy of the page's file, or by the address of the page. */
const GUIDE = /href="(?:[./]*media\/([\w-]+\.md)|guide:([\w/-]+))(#[^"]*)?"/g;

/**
 * Makes one site of the pages and the reference: links of the reference to the guide lead to its pages, and scripts that stand in
 * pages go to files of their own, so that a site may be served with a policy that allows scripts from itself only.
 */
export function finishSite(site: string, base: string): void {
  for (const page of filesBelow(site).filter((file) => file.endsWith('.html'))) {
    const html = readFileSync(page, 'utf8');
    const isReference = relative(site, page).startsWith(`reference${sep}`);
    const linked = isReference ? withGuideLinks(html, `${relative(dirname(page), site)}/`) : html;
    const finished = withoutInlineScripts(linked, (code) => base + scriptFile(site, code));
    if (finished !== html) writeFileSync(page, finished);
  }
}

function withGuideLinks(html: string, up: string): string {
  return html.replaceAll(GUIDE, (_, file: string | undefined, address = '', place = '') => {
    const page = file === undefined ? (address as string) : addressOf(`docs/${file}`);
    return `href="${up.replaceAll(sep, '/')}${page}.html${place as string}"`;
  });
}

function withoutInlineScripts(html: string, store: (code: string) => string): string {
  return html.replaceAll(INLINE_SCRIPT, (_, code: string) => `<script src="${store(code)}"></script>`);
}

function scriptFile(site: string, code: string): string {
  const name = `assets/inline.${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, name), code);
  return name;
}
