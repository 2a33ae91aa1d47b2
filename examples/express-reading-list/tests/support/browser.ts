import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { isLive } from './list-page.js';

const ENSURE_CHROMIUM = join(__dirname, '../../../../scripts/ensure/chromium.mjs');

/** A headless Chromium: the one that scripts/ensure/chromium.mjs finds. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = execFileSync(process.execPath, [ENSURE_CHROMIUM], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath });
}

/** A page as somebody sees it who has opened the reading list, and what its console says. */
export interface Visitor {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions nobody caught. */
  readonly complaints: string[];
}

/** Opens the reading list in a browser profile of its own, and waits until it is live. */
export async function visit(browser: Browser, url: string): Promise<Visitor> {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  // Links lead out of the test; nothing is to be fetched there.
  await context.route(
    (address) => address.origin !== url,
    (route) => route.fulfill({ contentType: 'text/html', body: 'elsewhere' }),
  );
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await isLive(page);
  return { page, complaints };
}
