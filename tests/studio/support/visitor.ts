import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const ENSURE_CHROMIUM = join(__dirname, '../../../scripts/ensure/chromium.mjs');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A headless Chromium. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = execFileSync(process.execPath, [ENSURE_CHROMIUM], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath });
}

/** Somebody who has opened the studio. */
export interface Visitor {
  readonly page: Page;
  /** Errors of the console, and exceptions that nobody caught. */
  readonly complaints: string[];
  /** Requests to anywhere but the studio. */
  readonly strays: string[];
  /** Goes to a view by its hash. */
  go(hash: string): Promise<void>;
}

/** Opens a studio's one-time address in a browser profile of its own, and waits until the store is shown. */
export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const strays: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) strays.push(request.url());
  });
  await page.goto(address);
  await page.locator('.brand', { hasText: 'acme/library' }).waitFor();
  return {
    page,
    complaints,
    strays,
    go: async (hash) => {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
    },
  };
}

/** What axe finds on the page as it is, one line for each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Finding {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: readonly Finding[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  });
}
