// Makes docs/images/studio-*.png: the studio of an example store, in a headless Chromium. Needs the built package.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { withPalette } from './png-palette.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs/images');

/** Bytes of a picture that a reader of the docs has to load. */
const MOST_BYTES = 150_000;

const config = execFileSync(process.execPath, [join(root, 'tests/studio/support/compile.mjs')], {
  encoding: 'utf8',
}).trim();
const { DataSource } = await import('dust-orm');
const { BOOKS, Book, Reading, readings } = await import(join(config, '../library.mjs'));

const EDITIONS = ['annotated', 'pocket', 'large-print', 'illustrated', 'school', 'facsimile', 'reading-copy'];
const STATES = ['here', 'lent', 'here', 'ordered'];

/** The books of the tests, and editions of them: enough for a table that looks like one. */
function shelf() {
  const editions = EDITIONS.flatMap((edition, i) =>
    BOOKS.map((book, j) => ({
      ...book,
      id: `${book.id}-${edition}`,
      title: `${book.title} (${edition})`,
      pages: book.pages + 7 * i,
      price: (Number(book.price) + i).toFixed(2),
      state: STATES[(i + j) % STATES.length],
      published: new Date(Date.UTC(1960 + 9 * i, j, 3 + i)),
    })),
  );
  return [...BOOKS, ...editions];
}

async function fill(client) {
  const books = client.getRepository(Book);
  await books.insert(shelf());
  await client.getRepository(Reading).insert(readings(0, 3000));
  await books.addTo('emma', 'tags', 'novel');
  await books.addTo('emma', 'tags', 'classic');
  await books.increment('emma', 'loans', 12);
  await books.update('emma', { pages: 474, price: '10.50' });
  await books.update('emma', { state: 'lent', notes: { shelf: 'A1', checked: [3, 4], condition: 'good' } });
  await books.update('emma', { title: 'Emma' });
}

async function begin(folder) {
  const flags = ['studio', '--config', config, '--json', '--write'];
  const child = spawn(process.execPath, [join(root, 'dist/esm/cli/main.js'), ...flags], {
    cwd: root,
    env: { ...process.env, STUDIO_FOLDER: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, exited, address: JSON.parse(line).studio };
}

async function picture(page, name) {
  const path = join(images, `studio-${name}.png`);
  const png = withPalette(await page.screenshot());
  writeFileSync(path, png);
  const size = png.length;
  console.log(`studio-screenshots: ${name}, ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${path} has more than ${MOST_BYTES} bytes.`);
}

async function takeAll(page, client) {
  const go = (hash) => page.evaluate((to) => (location.hash = to), hash);
  const open = async (name) => {
    const line = page.getByRole('treeitem', { name, exact: false }).first();
    await line.locator('.tree-toggle').click();
  };
  await page.getByRole('treeitem', { name: 'library' }).waitFor();
  await open('library');
  await go('#/entity/Book?where=pages:greater:300&order=pages.desc');
  await page.locator('[data-row="0"] a').waitFor();
  await picture(page, 'table');
  await go('#/entity/Book?record=library/books/emma&tab=history');
  await page.locator('.history li').nth(2).waitFor();
  await picture(page, 'record');
  await page.emulateMedia({ colorScheme: 'dark' });
  await go('#/entity/Book?record=library/books/emma');
  await page.locator('.fields').waitFor();
  await picture(page, 'dark');
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Operations', exact: true }).click();
  await go('#/entity/Book');
  await page.locator('[data-row="0"] a').waitFor();
  const books = client.getRepository(Book);
  for (const id of ['dracula', 'emma-pocket', 'middlemarch']) await books.increment(id, 'loans', 1);
  await books.insert({ id: 'adam-bede', title: 'Adam Bede', state: 'here', pages: 512 });
  await page.getByRole('button', { name: '1 new record' }).waitFor();
  await page.locator('.row-flash-odd, .row-flash-even').first().waitFor();
  await picture(page, 'live');
}

const folder = mkdtempSync(join(tmpdir(), 'dust-orm-screenshots-'));
const client = await new DataSource({
  path: folder,
  share: true,
  store: 'acme/library',
  entities: [Book, Reading],
}).initialize();
try {
  await fill(client);
  const { child, exited, address } = await begin(folder);
  const executablePath = execFileSync(process.execPath, [join(root, 'scripts/ensure/chromium.mjs')], {
    encoding: 'utf8',
  }).trim();
  const browser = await chromium.launch({ executablePath });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await page.goto(address);
    await takeAll(page, client);
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await exited;
  }
} finally {
  await client.destroy();
  rmSync(folder, { recursive: true, force: true });
}
