import type { Locator, Page } from 'playwright-core';

/** Resolves when the page says that it is live. */
export async function isLive(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor();
}

/** Fills in the form, and sends it. */
export async function add(page: Page, title: string, url = 'https://dustlayer.io/'): Promise<void> {
  const form = page.getByRole('form', { name: 'Add a link' });
  await form.getByLabel('Title').fill(title);
  await form.getByLabel('Address').fill(url);
  await form.getByRole('button', { name: 'Add' }).click();
}

/** The link in the list whose text contains `title`. */
export function item(page: Page, title: string): Locator {
  return page.getByRole('listitem').filter({ hasText: title });
}

/** The titles as they stand in the list. */
export function titles(page: Page): Promise<string[]> {
  return page.locator('#links .title').allTextContents();
}

/** Where the note of a link is typed, once it is being edited. */
export function noteOf(link: Locator): Locator {
  return link.getByRole('textbox', { name: 'Note' });
}

export async function startEditing(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `Edit the note of ${title}` }).click();
}

/** Gives the page a title that a reload would wipe out: `not reloaded`. */
export async function markPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.title = 'not reloaded';
  });
}

/** Lets the page note, on a stream of its own, which links it is told of. */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const source = new EventSource('links/events');
    source.onmessage = ({ data }) => told.push(JSON.parse(data).slug);
    return new Promise((resolve) => source.addEventListener('open', resolve, { once: true })).then(() => {});
  });
}

/** Resolves when the page, made to {@link listen}, has been told of the link. */
export async function isTold(page: Page, slug: string): Promise<void> {
  const isThere = (wanted: string): boolean =>
    (globalThis as unknown as { told: string[] }).told.includes(wanted);
  await page.waitForFunction(isThere, slug);
}
