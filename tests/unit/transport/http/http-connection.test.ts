import { firstValueFrom, toArray } from 'rxjs';
import { DustError, HttpTransport } from '../../../../src/index.js';
import type { HttpResponse } from '../../../../src/transport/http/client/http-client.js';
import { TestClock } from '../../../../src/testing/index.js';
import { stillHeld } from '../../garbage.js';
import { connected, deferred, fail, leaf, ok, page, receipt, StubClient } from './stub-client.js';

const OPTIONS = { url: 'http://localhost', store: 'acme/demo', token: 'dust_tok_stub' };

describe('connecting over HTTP', () => {
  it('asks for one key, once for all who wait', async () => {
    const client = new StubClient();
    const transport = new HttpTransport(OPTIONS, client);
    expect(client.requests).toEqual([]);
    await Promise.all([transport.connect(), transport.connect()]);
    await transport.connect();
    expect(client.calls).toEqual(['GET /entries?pattern=_dust/probe/**&select=keys&limit=1']);
    expect(client.requests[0]).toMatchObject({ effect: 'read' });
  });

  it('refuses requests before it, and can be tried again', async () => {
    const client = new StubClient();
    const transport = new HttpTransport(OPTIONS, client);
    await expect(transport.get('a')).rejects.toMatchObject({ kind: 'not_initialized' });
    client.answer = () => fail('store_not_found', { status: 404 });
    await expect(transport.connect()).rejects.toMatchObject({ kind: 'store_not_found' });
    await expect(transport.set('a', 1)).rejects.toMatchObject({ kind: 'not_initialized' });
    client.answer = () => page([]);
    await transport.connect();
    await expect(transport.list({ pattern: '**' })).resolves.toEqual({ items: [], nextCursor: null });
  });

  it('takes only a Dust server for one', async () => {
    const client = new StubClient();
    client.answer = () => ok({ hello: 'world' });
    await expect(new HttpTransport(OPTIONS, client).connect()).rejects.toMatchObject({
      kind: 'http',
      detail: 'unexpected_response',
      message: expect.stringContaining('url'),
    });
  });

  it('checks its options when it is made', () => {
    expect(() => new HttpTransport({ ...OPTIONS, store: 'demo' })).toThrow(
      expect.objectContaining({ kind: 'invalid_options' }),
    );
  });

  it('sends nothing for a request that was called off before', async () => {
    const { transport, client } = await connected();
    await expect(transport.get('a', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(client.requests).toEqual([]);
  });
});

describe('the status over HTTP', () => {
  it('is asked for, with the greatest seq seen so far', async () => {
    const { transport, client } = await connected();
    client.script(page([leaf('a', 1, 7)]), receipt(5), page([]));
    await transport.list({ pattern: '*' });
    await transport.set('b', 1);
    expect(await transport.status()).toEqual({ state: 'live', readsFrom: 'http', storeSeq: 7 });
    expect(client.calls[2]).toBe('GET /entries?pattern=_dust/probe/**&select=keys&limit=1');
  });

  it('goes from connecting to live to closed, with what happens in between', async () => {
    const client = new StubClient();
    const transport = new HttpTransport(OPTIONS, client);
    const statuses = firstValueFrom(transport.status$.pipe(toArray()));
    await transport.connect();
    client.script(receipt(3), new DustError('network', 'Lost.'), receipt(4));
    await transport.set('a', 1);
    await expect(transport.set('a', 2)).rejects.toMatchObject({ kind: 'network' });
    await transport.set('a', 2);
    await transport.close();
    expect((await statuses).map(({ state, storeSeq }) => `${state} ${storeSeq}`)).toEqual([
      'connecting 0',
      'live 0',
      'live 3',
      'degraded 3',
      'live 3',
      'live 4',
      'closed 4',
    ]);
    expect(await firstValueFrom(transport.status$)).toMatchObject({ state: 'closed', storeSeq: 4 });
  });

  it('an answer is a sign of life, even when it is an error', async () => {
    const { transport, client } = await connected();
    client.script(new DustError('timeout', 'Late.'), new DustError('forbidden', 'No.', { status: 403 }));
    await expect(transport.get('a')).rejects.toMatchObject({ kind: 'timeout' });
    expect(await firstValueFrom(transport.status$)).toMatchObject({ state: 'degraded' });
    await expect(transport.get('a')).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await firstValueFrom(transport.status$)).toMatchObject({ state: 'live' });
  });
});

describe('closing over HTTP', () => {
  it('refuses what comes later, and can be done twice', async () => {
    const { transport, client } = await connected();
    await Promise.all([transport.close(), transport.close()]);
    expect(client.closed).toBe(true);
    await expect(transport.get('a')).rejects.toMatchObject({ kind: 'closed' });
    await expect(transport.connect()).rejects.toMatchObject({ kind: 'closed' });
    expect(client.requests).toEqual([]);
  });

  it('lets a write under way end, and not a read', async () => {
    const { transport, client } = await connected();
    const { promise: answer, resolve } = deferred<HttpResponse>();
    client.answer = () => answer;
    const write = transport.set('a', 1);
    const closed = transport.close();
    await new Promise(setImmediate);
    expect(client.closed).toBe(false);
    resolve(receipt(1));
    expect(await write).toEqual({ storeSeq: 1 });
    await closed;
    expect(client.closed).toBe(true);
  });

  it('holds nothing meanwhile of writes that have ended, whether they failed or not', async () => {
    const { transport, client } = await connected();
    const held: WeakRef<object>[] = [];
    const write = async (): Promise<void> => {
      const outcome: unknown = await transport.set('a', 1).catch((error: unknown) => error);
      held.push(new WeakRef(outcome as object));
    };
    client.answer = () => receipt(1);
    await write();
    client.answer = () => fail('conflict', { status: 412 });
    await write();
    expect(await stillHeld(held)).toBe(0);
    await transport.close();
  });

  it('waits five seconds at the most', async () => {
    const clock = new TestClock();
    const { transport, client } = await connected({ clock });
    const { promise: answer, reject } = deferred<HttpResponse>();
    client.answer = () => answer;
    const write = transport.set('a', 1);
    const closed = transport.close();
    await clock.advance(4999);
    expect(client.closed).toBe(false);
    await clock.advance(1);
    await closed;
    expect(client.closed).toBe(true);
    reject(new DustError('closed', 'Cut.'));
    await expect(write).rejects.toMatchObject({ kind: 'closed' });
  });
});
