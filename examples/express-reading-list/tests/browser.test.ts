import { useBrowser } from './support/browser-suite.js';
import { add, item, markPage, noteOf, startEditing, titles } from './support/list-page.js';
import { send } from './support/send.js';
import type { DustServer } from './support/stores.js';
import { serveDust } from './support/stores.js';

const { serveList, visit, endWith } = useBrowser();

describe('two people with the page open', () => {
  it('see at once what the other does, without a reload', async () => {
    const { url } = await serveList();
    const ann = await visit(url);
    const bob = await visit(url);
    await markPage(bob.page);

    await add(ann.page, 'Dust');
    await item(bob.page, 'Dust').getByText('dustlayer.io').waitFor();
    await add(bob.page, 'RxJS', 'https://rxjs.dev/');
    await item(ann.page, 'RxJS').waitFor();
    expect(await titles(ann.page)).toEqual(['RxJS', 'Dust']);

    await startEditing(ann.page, 'Dust');
    await noteOf(item(ann.page, 'Dust')).fill('reactive, and local first');
    await item(ann.page, 'Dust').getByRole('button', { name: 'Save' }).click();
    await item(bob.page, 'Dust').getByText('reactive, and local first').waitFor();

    await bob.page.getByRole('link', { name: 'Dust' }).click();
    await item(ann.page, 'Dust').getByText('1 view').waitFor();

    await bob.page.getByRole('button', { name: 'Remove Dust' }).click();
    await item(ann.page, 'Dust').waitFor({ state: 'detached' });
    expect(await titles(ann.page)).toEqual(['RxJS']);
    expect(await titles(bob.page)).toEqual(['RxJS']);

    expect(await bob.page.title()).toBe('not reloaded');
    expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  });

  it('do not bring back what was removed before the answer to adding it arrives', async () => {
    const { url } = await serveList();
    const { page } = await visit(url);
    await page.route(
      /\/links$/,
      async (route) => {
        const answer = await route.fetch();
        await send(url, 'DELETE', '/links/dust');
        await send(url, 'POST', '/links', { title: 'Later', url: 'https://example.com' });
        await item(page, 'Later').waitFor();
        await route.fulfill({ response: answer });
      },
      { times: 1 },
    );
    await add(page, 'Dust');
    // Where the focus goes when the answer is there.
    await page.locator('input[name=title]:focus').waitFor();
    expect(await titles(page)).toEqual(['Later']);
  });

  it('do not overwrite each other: who saves second is shown what the first wrote', async () => {
    const { url } = await serveList();
    await send(url, 'POST', '/links', { title: 'Dust', url: 'https://dustlayer.io' });
    const { page } = await visit(url);
    await startEditing(page, 'Dust');
    const dust = item(page, 'Dust');
    await noteOf(dust).fill('mine');

    await send(url, 'PATCH', '/links/dust', { note: 'yours' });
    await dust.locator('.note', { hasText: 'yours' }).waitFor();
    expect(await noteOf(dust).inputValue()).toBe('mine');

    await dust.getByRole('button', { name: 'Save' }).click();
    await dust.getByRole('alert').filter({ hasText: 'Somebody has changed this note' }).waitFor();
    expect(await (await send(url, 'GET', '/links/dust')).json()).toMatchObject({ note: 'yours' });

    await dust.getByRole('button', { name: 'Save' }).click();
    await dust.locator('.note', { hasText: 'mine' }).waitFor();
    expect(await (await send(url, 'GET', '/links/dust')).json()).toMatchObject({ note: 'mine' });
  });

  it('may edit a note while others count views', async () => {
    const { url } = await serveList();
    await send(url, 'POST', '/links', { title: 'Dust', url: 'https://dustlayer.io' });
    const { page } = await visit(url);
    await startEditing(page, 'Dust');
    await send(url, 'POST', '/links/dust/views');
    await item(page, 'Dust').getByText('1 view').waitFor();
    await noteOf(item(page, 'Dust')).fill('mine');
    await item(page, 'Dust').getByRole('button', { name: 'Save' }).click();
    await item(page, 'Dust').locator('.note', { hasText: 'mine' }).waitFor();
    expect(await item(page, 'Dust').getByRole('alert').textContent()).toBe('');
  });
});

describe('two processes on one Dust server', () => {
  let dust: DustServer;

  beforeEach(async () => {
    dust = await serveDust();
    endWith(dust);
  });

  it('show what was added, changed and removed through the other', async () => {
    const [one, other] = [await serveList(dust.environment), await serveList(dust.environment)];
    expect(one.url).not.toBe(other.url);
    const ann = await visit(one.url);
    const bob = await visit(other.url);

    await add(ann.page, 'Dust');
    await item(bob.page, 'Dust').waitFor();
    await startEditing(bob.page, 'Dust');
    await noteOf(item(bob.page, 'Dust')).fill('from the other process');
    await item(bob.page, 'Dust').getByRole('button', { name: 'Save' }).click();
    await item(ann.page, 'Dust').getByText('from the other process').waitFor();
    await ann.page.getByRole('link', { name: 'Dust' }).click();
    await item(bob.page, 'Dust').getByText('1 view').waitFor();
    await ann.page.getByRole('button', { name: 'Remove Dust' }).click();
    await item(bob.page, 'Dust').waitFor({ state: 'detached' });
    expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  });

  it('go on when one of them stops', async () => {
    const [one, other] = [await serveList(dust.environment), await serveList(dust.environment)];
    const { page } = await visit(other.url);
    await one.close();
    await add(page, 'Dust');
    await item(page, 'Dust').waitFor();
  });
});
