// What the search of the site finds for words that people type.

/** Words, and the page that their first result must lead to. */
export const SEARCHED = {
  pagination: 'pagination.html',
  'soft delete': 'soft-delete.html',
  unique: 'indexes.html',
  docker: 'deployment.html',
  vitest: 'recipes/vitest.html',
  backup: 'backup.html',
  migration: 'migrations.html',
};

/** The address of the first result for each word, undefined where there is none. The page must be one of the site. */
export async function firstResults(page, words) {
  await page.keyboard.press('Control+k');
  const input = page.locator('.VPLocalSearchBox input');
  await input.waitFor();
  const found = {};
  for (const word of words) {
    await input.fill('');
    await page.locator('.VPLocalSearchBox .result').first().waitFor({ state: 'detached' });
    await input.fill(word);
    const first = page.locator('.VPLocalSearchBox .result').first();
    const none = page.locator('.VPLocalSearchBox .no-results');
    await first.or(none).waitFor();
    found[word] = (await first.isVisible())
      ? new URL(await first.evaluate(({ href }) => href)).pathname
      : undefined;
  }
  await page.keyboard.press('Escape');
  return found;
}
