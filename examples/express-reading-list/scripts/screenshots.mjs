// Draws the pictures of docs/images from the application as it runs: `npm run screenshots`.
// They come out in full colour. A tool that reduces a PNG to 256 colours makes them less than half as large, and nobody sees it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { start } from '../dist/server.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const images = here('../../../docs/images/');
const MOST_BYTES = 120_000;

const LINKS = [
  {
    title: 'Express: writing middleware',
    url: 'https://expressjs.com/en/guide/writing-middleware.html',
    note: null,
    views: 3,
  },
  {
    title: 'Using server-sent events',
    url: 'https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events',
    note: 'EventSource connects again by itself, unless the answer was an error.',
    views: 12,
  },
  {
    title: 'RFC 9110: HTTP Semantics',
    url: 'https://www.rfc-editor.org/rfc/rfc9110.html',
    note: 'Section 13: what If-Match promises.',
    views: 1,
  },
];

async function post(url, path, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers,
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} was answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function open(browser, url, colorScheme, viewport) {
  const page = await browser.newPage({ colorScheme, viewport, locale: 'en-GB', reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText(LINKS[0].title).waitFor();
  return page;
}

async function store(page, name) {
  const path = `${images}${name}.png`;
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}.`);
  console.log(`${name}.png: ${Math.round(size / 1000)} kB`);
}

/** Two pages in one picture, side by side. */
async function storePair(browser, pages, name) {
  const shots = await Promise.all(pages.map((page) => page.screenshot()));
  const { width, height } = pages[0].viewportSize();
  const sheet = await browser.newPage({ viewport: { width: 2 * width + 48, height: height + 32 } });
  const pictures = shots
    .map((shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`)
    .join('');
  const style =
    'body{margin:16px;display:flex;gap:16px;background:#c8ced8}img{border-radius:10px;display:block}';
  await sheet.setContent(`<style>${style}</style>${pictures}`);
  await store(sheet, name);
}

const executablePath = execFileSync(process.execPath, [here('../../../scripts/ensure/chromium.mjs')], {
  encoding: 'utf8',
}).trim();
mkdirSync(images, { recursive: true });
const readingList = await start({ PORT: '0' });
const browser = await chromium.launch({ executablePath });
try {
  const { url } = readingList;
  for (const { views, ...link } of LINKS.toReversed()) {
    const { slug } = await post(url, '/links', link);
    for (let view = 0; view < views; view++) await post(url, `/links/${slug}/views`);
  }
  const whole = { width: 780, height: 840 };
  await store(await open(browser, url, 'light', whole), 'express-light');
  await store(await open(browser, url, 'dark', whole), 'express-dark');

  const half = { width: 600, height: 660 };
  const [ann, bob] = [await open(browser, url, 'light', half), await open(browser, url, 'dark', half)];
  await ann.getByLabel('Title').fill('Dust');
  await ann.getByLabel('Address').fill('https://dustlayer.io');
  await ann.getByRole('button', { name: 'Add' }).click();
  for (const page of [ann, bob]) await page.getByRole('link', { name: 'Dust' }).waitFor();
  await storePair(browser, [ann, bob], 'express-live');
} finally {
  await browser.close();
  await readingList.close();
}
