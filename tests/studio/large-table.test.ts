import type { Browser, Page } from 'playwright-core';
import type { Place, RunningStudio } from './support/places.js';
import { folderOfReadings } from './support/places.js';
import type { Visitor } from './support/visitor.js';
import { launchChromium, visit } from './support/visitor.js';

const COUNT = 100_000;

describe('a table of 100,000 records', () => {
  let browser: Browser;
  let place: Pick<Place, 'begin' | 'close'>;
  let studio: RunningStudio;
  let visitor: Visitor;

  beforeAll(async () => {
    [browser, place] = await Promise.all([launchChromium(), folderOfReadings(COUNT)]);
    studio = await place.begin();
    visitor = await visit(browser, studio.address);
    await visitor.go('#/entity/Reading');
    await visitor.page.getByText('100,000 records').waitFor();
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await studio.stop();
    await place.close();
  });

  const scrollTo = (page: Page, row: number) =>
    page.locator('.grid').evaluate((grid, top) => {
      grid.scrollTop = top;
    }, row * 28);

  it.each([40, 1_000, 50_000, 99_990, 3])('shows record %i where it belongs', async (n) => {
    const { page } = visitor;
    await scrollTo(page, n);
    await page.locator(`[data-row="${n}"] a:text-is("r${String(n).padStart(6, '0')}")`).waitFor();
  });

  it('has few rows in the document, however far somebody scrolls', async () => {
    const { page } = visitor;
    for (let n = 0; n < 3_000; n += 300) {
      await scrollTo(page, n);
      await page.locator(`[data-row="${n}"] a:text-is("r${String(n).padStart(6, '0')}")`).waitFor();
    }
    expect(await page.locator('.grid-body [role="row"]').count()).toBeLessThan(60);
  });

  it('goes to its end and back by keyboard', async () => {
    const { page } = visitor;
    await scrollTo(page, 0);
    await page.locator('[data-row="0"] [data-column="1"]').focus();
    await page.keyboard.press('Control+End');
    await page.locator('[data-row="99999"] a:text-is("r099999")').waitFor();
    expect(
      await page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row')),
    ).toBe('99999');
    await page.keyboard.press('Control+Home');
    await page.locator('[data-row="0"] a:text-is("r000000")').waitFor();
  });

  it('is sorted and filtered by an index', async () => {
    const { page, go } = visitor;
    await go('#/entity/Reading?where=station:is:station-7&order=station.desc');
    await page.locator('.facts', { hasText: 'index' }).waitFor();
    await page.locator('[data-row="0"]', { hasText: 'station-7' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
