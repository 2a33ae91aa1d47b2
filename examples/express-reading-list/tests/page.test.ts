import { useBrowser } from './support/browser-suite.js';
import { add, isLive, isTold, item, listen, markPage, titles } from './support/list-page.js';
import { send } from './support/send.js';

const { serveList, visit } = useBrowser();

describe('the page', () => {
  it('says that it is loading until the first list is there, and never that there is nothing before', async () => {
    const { url } = await serveList();
    const { page } = await visit(url);
    await page.getByText('Nothing here yet.').waitFor();
    expect(await page.getByText('Loading the links').isHidden()).toBe(true);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let fail = (): void => undefined;
    const failing = new Promise<void>((resolve) => {
      fail = resolve;
    });
    await page.route(/\/links\?/, async (route) => {
      answer();
      await failing;
      await route.fulfill({ status: 503, json: { message: 'Not just now.' } });
    });
    await page.reload();
    await asked;
    await page.getByText('Loading the links').waitFor();
    expect(await page.getByText('Nothing here yet.').isHidden()).toBe(true);
    fail();
    await page.getByRole('alert').filter({ hasText: 'Not just now.' }).waitFor();
    expect(await page.getByText('Nothing here yet.').isHidden()).toBe(true);
    expect(await page.getByText('Loading the links').isHidden()).toBe(true);
    await page.unroute(/\/links\?/);
    await page.reload();
    await page.getByText('Nothing here yet.').waitFor();
  });

  it('says what is wrong with a link, and keeps what was typed', async () => {
    const { url } = await serveList();
    const { page } = await visit(url);
    await add(page, 'Dust', 'https://nowhere');
    await page.getByRole('alert').filter({ hasText: 'url must be a URL address' }).waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Dust');
    await add(page, 'Dust');
    await item(page, 'Dust').waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('');
    await add(page, 'Dust');
    await page.getByRole('alert').filter({ hasText: 'There is such a record already' }).waitFor();
  });

  it('searches, and keeps what it finds live', async () => {
    const { url } = await serveList();
    const { page, complaints } = await visit(url);
    await add(page, 'Dust');
    await item(page, 'Dust').waitFor();
    await page.getByLabel('Search the links').fill('rx');
    await page.getByText('Nothing found.').waitFor();
    await send(url, 'POST', '/links', { title: 'Express', url: 'https://expressjs.com' });
    await send(url, 'POST', '/links', { title: 'RxJS', url: 'https://rxjs.dev' });
    await item(page, 'RxJS').waitFor();
    expect(await titles(page)).toEqual(['RxJS']);
    await page.getByLabel('Search the links').fill('');
    await item(page, 'Express').waitFor();
    expect(await titles(page)).toEqual(['RxJS', 'Express', 'Dust']);
    expect(complaints).toEqual([]);
  });

  it('shows fifty links, and more when asked', async () => {
    const { url } = await serveList();
    for (let number = 1; number <= 60; number++) {
      await send(url, 'POST', '/links', { title: `No ${number}`, url: 'https://example.com' });
    }
    const { page, complaints } = await visit(url);
    await item(page, 'No 60').waitFor();
    expect(await titles(page)).toHaveLength(50);
    await send(url, 'DELETE', '/links/no-60');
    await item(page, 'No 60').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show more' }).click();
    await item(page, 'No 10').waitFor();
    const expected = Array.from({ length: 59 }, (_, index) => `No ${59 - index}`);
    expect(await titles(page)).toEqual(expected);
    expect(await page.getByRole('button', { name: 'Show more' }).isHidden()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('takes what links hold for text', async () => {
    const { url } = await serveList();
    const { page, complaints } = await visit(url);
    await add(page, '<img src=x onerror=alert(1)>');
    await item(page, '<img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('#links img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('can be used by keyboard alone', async () => {
    const { url } = await serveList();
    const { page } = await visit(url);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Dust');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://dustlayer.io');
    await page.keyboard.press('Enter');
    await item(page, 'Dust').waitFor();
    const focused = (): Promise<string | null> =>
      page.evaluate(
        () => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.textContent,
      );
    for (let presses = 0; (await focused()) !== 'Edit the note of Dust'; presses++) {
      expect(presses).toBeLessThan(10);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.keyboard.type('typed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await item(page, 'Dust').locator('.note', { hasText: 'typed' }).waitFor();
    expect(await focused()).toBe('Edit the note of Dust');
  });

  it('says when the connection is lost, and has what happened meanwhile when it is back', async () => {
    const first = await serveList();
    await send(first.url, 'POST', '/links', { title: 'Dust', url: 'https://dustlayer.io' });
    const { page, complaints } = await visit(first.url);
    await item(page, 'Dust').waitFor();
    await markPage(page);

    await first.close();
    await page.getByText('Reconnecting').waitFor();
    await add(page, 'Lost');
    await page.getByRole('alert').filter({ hasText: 'The server cannot be reached.' }).waitFor();

    const second = await serveList({ PORT: new URL(first.url).port });
    expect(second.url).toBe(first.url);
    await send(second.url, 'POST', '/links', { title: 'Added meanwhile', url: 'https://example.com' });
    await isLive(page);
    await item(page, 'Added meanwhile').waitFor();
    await item(page, 'Dust').waitFor({ state: 'detached' });
    await send(second.url, 'POST', '/links', { title: 'Added later', url: 'https://example.com' });
    await item(page, 'Added later').waitFor();
    expect(await page.title()).toBe('not reloaded');
    // A server that is ending refuses, too.
    const others = complaints.filter((text) => !/net::ERR_|status of 503/.test(text));
    expect(others).toEqual([]);
  });

  it('misses nothing that happens while it reads the list', async () => {
    const { url } = await serveList();
    await send(url, 'POST', '/links', { title: 'Removed meanwhile', url: 'https://example.com' });
    await send(url, 'POST', '/links', { title: 'There all the while', url: 'https://example.com' });
    const { page, complaints } = await visit(url);
    await page.getByLabel('Search the links').fill('nothing of this');
    await page.getByText('Nothing found.').waitFor();
    await page.route(
      /\/links\?/,
      async (route) => {
        const response = await route.fetch();
        await listen(page);
        await send(url, 'DELETE', '/links/removed-meanwhile');
        await send(url, 'POST', '/links', { title: 'Added meanwhile', url: 'https://example.com' });
        await isTold(page, 'added-meanwhile');
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await page.getByLabel('Search the links').fill('while');
    // Only the answer that is late by now brings this one.
    await item(page, 'There all the while').waitFor();
    expect(await titles(page)).toEqual(['Added meanwhile', 'There all the while']);
    expect(complaints).toEqual([]);
  });

  it('connects again after an answer that is no stream of events', async () => {
    const { url } = await serveList();
    const { page } = await visit(url);
    const unavailable = { status: 503, json: { error: 'unavailable' } };
    await page.route(/\/links\/events$/, (route) => route.fulfill(unavailable), { times: 1 });
    await page.reload();
    await page.getByText('Reconnecting').waitFor();
    await isLive(page);
    await add(page, 'Dust');
    await item(page, 'Dust').waitFor();
  });
});
