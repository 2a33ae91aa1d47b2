import type { Browser } from 'playwright-core';
import type { RunningReadingList } from '../../src/server.js';
import { start } from '../../src/server.js';
import type { Visitor } from './browser.js';
import { launchChromium, visit } from './browser.js';

interface Closable {
  close(): Promise<unknown>;
}

/** What the tests of a file need that use a browser. */
export interface BrowserSuite {
  /** Starts the application as this environment says, on a free port; it ends with the test. */
  serveList(env?: NodeJS.ProcessEnv): Promise<RunningReadingList>;
  /** Opens the reading list as somebody else each time. */
  visit(url: string): Promise<Visitor>;
  /** Closes this when the test has ended, after what was started later. */
  endWith(closable: Closable): void;
}

/** Registers a browser for all tests of the file. */
export function useBrowser(): BrowserSuite {
  let browser: Browser;
  const running: Closable[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const one of running.splice(0).reverse()) await one.close();
  });

  return {
    serveList: async (env = {}) => {
      const readingList = await start({ PORT: '0', ...env });
      running.push(readingList);
      return readingList;
    },
    visit: (url) => visit(browser, url),
    endWith: (closable) => running.push(closable),
  };
}
