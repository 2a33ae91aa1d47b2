import type { Locator, Page } from 'playwright-core';

/** A cell of the table, by the slug of its row and the name of its column. */
export function cell(page: Page, slug: string, column: string): Locator {
  return page
    .locator('.grid-body [role="row"]')
    .filter({ has: page.locator(`a:text-is("${slug}")`) })
    .locator('[role="gridcell"]')
    .and(page.locator(`[data-column="${COLUMNS.indexOf(column)}"]`));
}

/** The columns of books. */
export const COLUMNS = [
  'id',
  'title',
  'state',
  'pages',
  'price',
  'illustrated',
  'published',
  'imprint.place',
  'imprint.year',
  'notes',
  'tags',
  'loans',
  'cover',
  'createdAt',
  'updatedAt',
];

/** The slugs of the rows that are shown, from above. */
export async function slugs(page: Page): Promise<string[]> {
  const rows = await page
    .locator('.grid-body [role="row"] a')
    .evaluateAll((links) =>
      links.map(
        (link) => [Number(link.closest<HTMLElement>('[data-row]')?.dataset.row), link.textContent] as const,
      ),
    );
  return rows.sort(([a], [b]) => a - b).map(([, text]) => text);
}

/** Waits until the first row is the record with this slug. */
export async function firstIs(page: Page, slug: string): Promise<void> {
  await page.locator(`[data-row="0"] a:text-is("${slug}")`).waitFor();
}
