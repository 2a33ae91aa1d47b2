import type { Visitor } from '../support/visitor.js';
import { axeFindings } from '../support/visitor.js';

/** A view, and what is there when it is shown. */
export type View = readonly [name: string, hash: string, there: string];

/** Those of a studio that only reads. */
export const VIEWS: readonly View[] = [
  ['home', '#/', 'h1:text("acme/library")'],
  ['table', '#/entity/Book', '[data-row="0"] a'],
  ['filtered table', '#/entity/Book?where=pages:greater:400&order=pages.desc', '.chip'],
  ['record', '#/entity/Book?record=library/books/emma', '.fields'],
  ['leaves', '#/entity/Book?record=library/books/emma&tab=leaves', '.leaves'],
  ['history', '#/entity/Book?record=library/books/emma&tab=history', '.history li'],
  ['path', '#/path?at=library/books/emma', '.leaves'],
  ['status', '#/status', '.figures'],
];

/** Those of one that writes. */
export const FORMS: readonly View[] = [
  ['form', '#/entity/Book?record=library/books/emma&form=edit', '.record-form'],
  ['new record', '#/entity/Book?form=new', '.record-form'],
];

/** Nothing that axe finds, and nothing that scrolls sideways on a narrow screen. */
export function forEverybody(visitorOf: () => Visitor, views: readonly View[]): void {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each(views)('%s: axe finds nothing', async (_, hash, there) => {
      const { page, go } = visitorOf();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await go(hash);
      await page.locator(there).first().waitFor();
      const findings = await axeFindings(page);
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
      expect(findings).toEqual([]);
    });
  });

  it.each(views)('%s at 360 pixels does not scroll sideways', async (_, hash, there) => {
    const { page, go } = visitorOf();
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
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(widths).toEqual({ scrolled: 360, beyond: [] });
  });
}

/** What there is can be reached without a mouse. */
export function byKeyboard(visitorOf: () => Visitor): void {
  it('works by keyboard alone', async () => {
    const { page, go } = visitorOf();
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
    // Without a row the focus goes to the header.
    await page.locator('[data-row="1"] a').waitFor();
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
}
