import { cell, firstIs, slugs } from '../support/grid.js';
import type { Visitor } from '../support/visitor.js';

/** What anybody may see of the books, to whom nothing is offered that writes. */
export function looking(visitorOf: () => Visitor, { members }: { readonly members: number }): void {
  it('says that it only reads, and offers nothing that writes', async () => {
    const { page, go } = visitorOf();
    await page.getByText('read-only', { exact: true }).first().waitFor();
    await go('#/entity/Book?record=library/books/emma');
    await page.getByRole('heading', { name: 'emma' }).waitFor();
    expect(await page.getByRole('button', { name: /^(Edit|Delete|New|New leaf)$/ }).count()).toBe(0);
  });

  it('opens the tree level by level, with counts', async () => {
    const { page, go } = visitorOf();
    await go('#/');
    const library = page.getByRole('treeitem', { name: /^library/ });
    await library.locator('.tree-toggle').click();
    const books = page.getByRole('treeitem', { name: /^books/ });
    await books.waitFor();
    expect(await books.locator('.tree-count').textContent()).toMatch(/\d+/);
    await books.locator('.tree-toggle').click();
    await page.getByRole('treeitem', { name: /^villette/ }).waitFor();
    await library.locator('.tree-toggle').click();
    await books.waitFor({ state: 'detached' });
  });

  it('shows values by their types', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book');
    await firstIs(page, 'bleak-house');
    const pages = cell(page, 'emma', 'pages');
    expect(await pages.textContent()).toBe('474');
    expect(await pages.evaluate((element) => getComputedStyle(element).textAlign)).toBe('right');
    expect(await cell(page, 'emma', 'published').getAttribute('title')).toBe('1815-12-23T00:00:00.000Z');
    expect(await cell(page, 'emma', 'notes').textContent()).toContain('"shelf"');
    expect(await cell(page, 'emma', 'cover').textContent()).toContain('emma.txt');
  });

  it('sorts and filters by the header, and says how records were found', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book');
    await firstIs(page, 'bleak-house');
    await page.getByRole('button', { name: 'pages', exact: true }).click();
    await firstIs(page, 'the-time-machine');
    await page.getByRole('button', { name: 'pages', exact: true }).click();
    await firstIs(page, 'bleak-house');
    expect(await page.locator('.facts .tag').textContent()).toMatch(/^index/);
    await page.getByRole('button', { name: 'Filter by price' }).click();
    await page.getByRole('combobox', { name: 'price' }).selectOption('less');
    await page.getByLabel('value').fill('8');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.locator('.chip', { hasText: 'price is less than 8' }).waitFor();
    await firstIs(page, 'dracula');
    expect(await slugs(page)).toEqual(['dracula', 'persuasion', 'the-time-machine']);
    await page.goBack();
    await firstIs(page, 'bleak-house');
    expect(await page.locator('.chip').count()).toBe(0);
  });

  it('hides columns, and remembers it', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'notes' }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: /^notes/ }).waitFor({ state: 'detached' });
    await page.reload();
    await firstIs(page, 'bleak-house');
    expect(await page.getByRole('columnheader', { name: /^notes/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Reset columns' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: /^notes/ }).waitFor();
  });

  it('shows a record with its leaves, and the text of its file', async () => {
    const { page, go } = visitorOf();
    await go('#/entity/Book');
    await page.getByRole('link', { name: 'emma' }).click();
    await page.getByText('A short text about Emma').waitFor();
    expect(await page.getByRole('link', { name: 'Download' }).getAttribute('download')).toBe('emma.txt');
    await page.getByRole('tab', { name: /Leaves/ }).click();
    await page.getByRole('row', { name: /imprint\/place/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'emma' }).waitFor({ state: 'detached' });
  });

  it('tells the status, and the nodes of a cluster', async () => {
    const { page, go } = visitorOf();
    await go('#/status');
    await page.getByText('Last operation').first().waitFor();
    await page.getByRole('heading', { name: 'Leases' }).waitFor();
    const nodes = page.getByRole('region', { name: 'Members of the cluster' }).locator('tbody tr');
    if (members === 0) await page.getByText('This store is no node of a cluster.').waitFor();
    else await nodes.nth(members - 1).waitFor();
    expect(await nodes.count()).toBe(members);
    if (members > 0) expect(await nodes.filter({ hasText: '(this one)' }).count()).toBe(1);
  });
}
