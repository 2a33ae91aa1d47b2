import type { Browser } from 'playwright-core';
import { firstIs } from './support/grid.js';
import type { FakePlace } from './support/places.js';
import type { FakeStudio } from './support/fake-studio.js';
import { fake } from './support/places.js';
import type { Visitor } from './support/visitor.js';
import { axeFindings, launchChromium, visit } from './support/visitor.js';

/** Every view, and what is there when it is shown. */
const VIEWS: readonly (readonly [name: string, hash: string, there: string])[] = [
  ['home', '#/', 'h1:text("acme/library")'],
  ['table', '#/entity/Book', '[data-row="0"] a'],
  ['filtered table', '#/entity/Book?where=pages:greater:400&order=pages.desc', '.chip'],
  ['record', '#/entity/Book?record=library/books/emma', '.fields'],
  ['leaves', '#/entity/Book?record=library/books/emma&tab=leaves', '.leaves'],
  ['history', '#/entity/Book?record=library/books/emma&tab=history', '.history li'],
  ['form', '#/entity/Book?record=library/books/emma&form=edit', '.record-form'],
  ['new record', '#/entity/Book?form=new', '.record-form'],
  ['path', '#/path?at=library/books/emma', '.leaves'],
  ['status', '#/status', '.figures'],
];

describe('the studio for everybody', () => {
  let browser: Browser;
  let place: FakePlace;
  let studio: FakeStudio;
  let visitor: Visitor;

  beforeAll(async () => {
    [browser, place] = await Promise.all([launchChromium(), fake()]);
    studio = await place.begin('--write');
    visitor = await visit(browser, studio.address);
  });

  afterAll(async () => {
    await browser.close();
    await studio.stop();
    await place.close();
  });

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    beforeAll(() => visitor.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }));

    it.each(VIEWS)('%s: axe finds nothing', async (_, hash, there) => {
      await visitor.go(hash);
      await visitor.page.locator(there).first().waitFor();
      expect(await axeFindings(visitor.page)).toEqual([]);
    });

    it('dialogs and the drawer: axe finds nothing', async () => {
      const { page, go } = visitor;
      await go('#/entity/Book');
      await firstIs(page, 'bleak-house');
      await page.getByRole('button', { name: 'Operations', exact: true }).click();
      await page.getByRole('button', { name: 'Shortcuts' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('dialog', { name: 'Columns' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Close the operations' }).click();
    });
  });

  it('is dark by the switch, too, and remembers it', async () => {
    const { page } = visitor;
    await page.emulateMedia({ colorScheme: 'light' });
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await back();
    await page.getByRole('button', { name: 'Theme: Auto' }).click();
    await page.getByRole('button', { name: 'Theme: Light' }).click();
    await page.getByRole('button', { name: 'Theme: Dark' }).waitFor();
    expect(await back()).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: Dark' }).click();
    expect(await back()).toBe(light);
  });

  it('works by keyboard alone', async () => {
    const { page, go } = visitor;
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    await go('#/');
    await page.locator('h1').waitFor();
    await page.reload();
    await page.locator('h1').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('/');
    await page.keyboard.type('emma');
    await page.getByRole('option', { name: /slug in Book/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'emma' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'emma' }).waitFor({ state: 'detached' });
    await page.locator('.grid [tabindex="0"]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-row="1"] [data-column="1"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'dracula' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor({ state: 'detached' });
    const tree = page.getByRole('tree').locator('[tabindex="0"]');
    await tree.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('treeitem', { name: /^books/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'Book' }).waitFor();
  });

  it.each(VIEWS)('%s at 360 pixels does not scroll sideways', async (_, hash, there) => {
    const { page, go } = visitor;
    await page.setViewportSize({ width: 360, height: 720 });
    await go(hash);
    await page.locator(there).first().waitFor({ state: 'attached' });
    const widths = await page.evaluate(() => ({
      scrolled: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
      beyond: [...document.querySelectorAll<HTMLElement>('header *, .table-bar *, .record-head *, .page > *')]
        .filter(
          (element) =>
            element.offsetParent !== null && element.getBoundingClientRect().right > innerWidth + 1,
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    }));
    expect(widths).toEqual({ scrolled: 360, beyond: [] });
  });

  it('says that the connection is lost, and reads again when it is back', async () => {
    const { page, go } = visitor;
    await page.setViewportSize({ width: 1280, height: 800 });
    await go('#/entity/Book');
    await firstIs(page, 'bleak-house');
    await studio.stop();
    await page.getByText('The connection to the studio’s process is lost').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await place.books.update('emma', { title: 'Written while nobody listened' });
    await studio.resume();
    // By itself it may have been quicker.
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 1000 })
      .catch(() => undefined);
    await page.locator('.live-on').waitFor();
    await page.getByRole('gridcell', { name: 'Written while nobody listened' }).waitFor();
    expect(await page.getByText('The connection to the studio’s process is lost').count()).toBe(0);
  });
});
