import type { Browser } from 'playwright-core';
import type { Place, RunningStudio } from './support/places.js';
import { PLACES } from './support/places.js';
import type { Visitor } from './support/visitor.js';
import { launchChromium, visit } from './support/visitor.js';
import { FORMS, VIEWS, byKeyboard, forEverybody } from './suites/for-everybody.js';
import { looking } from './suites/looking.js';
import { writing } from './suites/writing.js';

describe.each(PLACES)('the studio of %s', (_, { make, members = 0 }) => {
  let browser: Browser;
  let place: Place;

  beforeAll(async () => {
    [browser, place] = await Promise.all([launchChromium(), make()]);
  });

  afterAll(async () => {
    await browser.close();
    await place.close();
  });

  /** Runs tests before a studio of its own, which nothing may complain of. */
  function withStudio(flags: readonly string[], tests: (visitor: () => Visitor) => void): void {
    let studio: RunningStudio;
    let visitor: Visitor;

    beforeAll(async () => {
      studio = await place.begin(...flags);
      visitor = await visit(browser, studio.address);
      await visitor.page.locator('.live-on').waitFor();
    });

    afterAll(() => studio.stop());

    tests(() => visitor);

    it('asks nobody else, and its console is empty', () => {
      expect(visitor.complaints).toEqual([]);
      expect(visitor.strays).toEqual([]);
    });
  }

  describe('that only reads', () => {
    withStudio([], (visitor) => {
      looking(visitor, { members });
      byKeyboard(visitor);
      forEverybody(visitor, VIEWS);
    });
  });

  describe('with --write', () => {
    withStudio(['--write'], (visitor) => {
      forEverybody(visitor, FORMS);
      writing(visitor, () => place.books);
    });
  });
});
