import type { Browser } from 'playwright-core';
import { firstIs } from './support/grid.js';
import type { FakePlace } from './support/places.js';
import type { FakeStudio } from './support/fake-studio.js';
import { fake } from './support/places.js';
import type { Visitor } from './support/visitor.js';
import { axeFindings, launchChromium, visit } from './support/visitor.js';

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
