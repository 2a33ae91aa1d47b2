import { cell, firstIs } from '../support/grid.js';
import type { Books } from '../support/places.js';
import type { Visitor } from '../support/visitor.js';

/** What changes while somebody looks, and what that one changes. */
export function writing(visitorOf: () => Visitor, books: () => Books): void {
  it('marks what another client changes, and offers what it adds', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book');
    await firstIs(page, 'bleak-house');
    await books().update('emma', { pages: 475 });
    await cell(page, 'emma', 'pages').filter({ hasText: '475' }).waitFor();
    await page.locator('.row-flash-odd, .row-flash-even').first().waitFor();
    await books().insert({ id: 'adam-bede', title: 'Adam Bede', state: 'here' });
    await page.getByRole('button', { name: '1 new record' }).click();
    await firstIs(page, 'adam-bede');
  });

  it('edits a record, and says what its rules refuse', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book?record=library/books/walden');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const pages = page.getByLabel('pages', { exact: true });
    await pages.fill('0');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.field', { has: pages }).locator('.problems').waitFor();
    expect(await pages.getAttribute('aria-invalid')).toBe('true');
    await pages.fill('353');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved walden.').waitFor();
    expect((await books().find('walden'))?.pages).toBe(353);
  });

  it('makes a record, and removes it after a question', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.locator('.record-form [name="id"]').fill('zuleika');
    await page.locator('.record-form [name="title"]').fill('Zuleika Dobson');
    await page.locator('.record-form [name="state"]').selectOption('lent');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: 'zuleika' }).waitFor();
    expect(await books().find('zuleika')).toMatchObject({
      title: 'Zuleika Dobson',
      state: 'lent',
    });
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted zuleika.').waitFor();
    expect(await books().find('zuleika')).toBeUndefined();
  });

  it('puts a conflict side by side, and saves what was chosen', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book?record=library/books/villette&form=edit');
    await page.getByLabel(/^title/).fill('Villette, mine');
    await page.getByLabel('price', { exact: true }).fill('11.00');
    await books().update('villette', { title: 'Villette, theirs', pages: 600 });
    await page.getByText('Somebody else has changed this record').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'This record has been changed meanwhile' }).waitFor();
    await page.getByText('Villette, theirs').first().waitFor();
    await page.getByRole('radio', { name: 'title: take theirs' }).check();
    await page.getByRole('button', { name: 'Save again' }).click();
    await page.getByText('Saved villette.').waitFor();
    expect(await books().find('villette')).toMatchObject({
      title: 'Villette, theirs',
      pages: 600,
      price: '11.00',
    });
  });

  it('shows the history, and restores what was', async () => {
    const { page, go } = visitorOf();
    await books().update('dracula', { title: 'Dracula, changed' });
    await go('#/entity/Book?record=library/books/dracula&tab=history');
    await page.locator('ins', { hasText: 'Dracula, changed' }).first().waitFor();
    // What was before the title changed, which is not all that an update writes.
    await page
      .locator('.history > li')
      .filter({ has: page.locator('ins', { hasText: 'Dracula, changed' }) })
      .first()
      .locator('xpath=following-sibling::li[1]')
      .getByRole('button', { name: /^Restore what was after operation/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText(/^Restored what was after operation/).waitFor();
    expect((await books().find('dracula'))?.title).toBe('Dracula');
  });

  it('runs the tail of operations', async () => {
    const { page } = visitorOf();
    await page.getByRole('button', { name: 'Operations', exact: true }).click();
    await books().update('persuasion', { pages: 250 });
    await page.locator('.drawer-line', { hasText: 'library/books/persuasion' }).first().waitFor();
    await page.getByRole('button', { name: 'Close the operations' }).click();
  });
}
