// Opens every page of the site that `npm run docs` built in a headless Chromium, as narrow as a telephone and under a policy that
// allows nothing from elsewhere: no dead link, no error, no request to another address, no sideways scrolling; and the search
// must find what people type. Words after `--` choose the pages whose address has one of them.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';
import { chromium } from 'playwright-core';
import { missingFurniture } from './crawl/furniture.mjs';
import { firstResults, SEARCHED } from './crawl/search.mjs';
import { serveFolder } from './crawl/serve-folder.mjs';
import { deadLinks, visit, watch } from './crawl/visit.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { filesBelow } = await createJiti(import.meta.url).import('./docs/files-below.ts');

const site = at('../site');
const base = process.env.DOCS_BASE ?? '/';
const addresses = filesBelow(site)
  .filter((file) => file.endsWith('.html'))
  .map((file) => base + relative(site, file).replaceAll('\\', '/'));
const chosen = process.argv.slice(2);
const isChosen = (address) => chosen.length === 0 || chosen.some((word) => address.includes(word));
const executablePath = execFileSync(process.execPath, [at('ensure/chromium.mjs')], {
  encoding: 'utf8',
}).trim();

const problems = [];
const server = await serveFolder(site, base);
const browser = await chromium.launch({ executablePath });
try {
  const narrow = { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' };
  const page = await (await browser.newContext(narrow)).newPage();
  const takeNotes = watch(page, server.origin);
  const visited = new Map();
  for (const address of addresses.filter(isChosen)) {
    const seen = await visit(page, server.origin + address);
    visited.set(address, seen);
    problems.push(...takeNotes().map((note) => `${address} ${note}`));
    if (seen.scrollWidth > seen.width) {
      problems.push(
        `${address} is ${seen.scrollWidth} pixels wide on ${seen.width}: ${seen.wide.join(', ')}`,
      );
    }
  }
  problems.push(
    ...deadLinks(visited, server.origin, (path) =>
      existsSync(join(site, decodeURIComponent(path.slice(base.length)))),
    ),
  );

  const wide = await (
    await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
  ).newPage();
  const takeWideNotes = watch(wide, server.origin);
  problems.push(
    ...(await missingFurniture(wide, server.origin + base, `${server.origin}${base}finding.html`)),
  );
  if (!(await wide.evaluate(() => document.documentElement.classList.contains('dark')))) {
    problems.push('The front page is not dark where dark is asked for.');
  }
  const found = await firstResults(wide, Object.keys(SEARCHED));
  for (const [word, expected] of Object.entries(SEARCHED)) {
    if (found[word] !== base + expected) {
      problems.push(`The first result for "${word}" is ${found[word] ?? 'nothing'}, not ${base}${expected}.`);
    }
  }
  problems.push(...takeWideNotes().map((note) => `The front page or its search ${note}`));
} catch (error) {
  problems.push(error.stack);
} finally {
  await browser.close();
  await server.close();
}

for (const problem of problems) console.error(problem);
if (addresses.length < 50) problems.push('The site has fewer than 50 pages: is it built?');
if (problems.length > 0) {
  console.error(`\n${problems.length} faults on ${addresses.length} pages of the site.`);
  process.exitCode = 1;
} else {
  console.log(`${addresses.length} pages of the site and its search are as they should be.`);
}
