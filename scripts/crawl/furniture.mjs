// What a reader finds around a page: the way on and back, to its source, to what changed, and the tabs of package managers.
import { visit } from './visit.mjs';

const AROUND = {
  'a link to the page before': '.pager-link.prev',
  'a link to the page after': '.pager-link.next',
  'a link to its source': '.edit-link-button',
  'a list of its sections': '.VPDocAsideOutline a',
};

/** What is missing around the page at `address`, and on the front page at `front`. */
export async function missingFurniture(page, front, address) {
  const problems = [];
  await visit(page, address);
  for (const [name, selector] of Object.entries(AROUND)) {
    if ((await page.locator(selector).count()) === 0) problems.push(`${address} lacks ${name}.`);
  }

  if ((await page.locator('.VPNavBarMenuGroup', { hasText: /v\d+\.\d+/ }).count()) === 0) {
    problems.push(`${address} lacks the version.`);
  }

  await visit(page, front);
  const tabs = page.locator('.vp-code-group').first();
  const names = await tabs.locator('label').allTextContents();
  if (names.join() !== 'npm,pnpm,yarn,bun') problems.push(`The tabs of the front page are ${names.join()}.`);
  else {
    await tabs.locator('label', { hasText: 'pnpm' }).click();
    const shown = await tabs.locator('div[class*="language-"].active').innerText();
    if (!shown.includes('pnpm add')) problems.push(`The tab pnpm of the front page shows ${shown}.`);
  }
  return problems;
}
