import { firstValueFrom } from 'rxjs';
import { connected, leaf, ok, page, StubClient } from './stub-client.js';
import { HttpTransport } from '../../../../src/transport/http/http-transport.js';

const NEW = new Map([['x-dust-features', 'batch-below']]);
const announcing = (answer: ReturnType<typeof ok>) => ({ ...answer, headers: NEW });
const told = (leaves: readonly ReturnType<typeof leaf>[], unread: readonly string[] = []) => {
  const entries = Object.fromEntries(leaves.map(({ path, ...entry }) => [path, entry]));
  return announcing(ok({ entries, missing: [], unread }));
};

async function connectedToNew() {
  const client = new StubClient();
  client.answer = () => announcing(page([]));
  const transport = new HttpTransport(
    { url: 'http://localhost', store: 'acme/demo', token: 'dust_tok_stub' },
    client,
  );
  await transport.connect();
  client.requests.length = 0;
  return { transport, client };
}

describe('subtrees over HTTP', () => {
  it('are read 1,000 in a request, whole and in store order', async () => {
    const { transport, client } = await connectedToNew();
    expect(transport.capabilities.subtrees).toBe(true);
    client.script(told([leaf('n/a/t', 2, 7), leaf('n/a/b/x', 1, 3), leaf('n/c', 3, 4)]), told([]));
    const paths = ['n/a', 'n/none', 'n/c', ...Array.from({ length: 998 }, (_, i) => `n/x${i}`), 'n/a'];
    const found = await transport.subtrees(paths);
    expect([...found]).toEqual([
      ['n/a', [leaf('n/a/b/x', 1, 3), leaf('n/a/t', 2, 7)]],
      ['n/c', [leaf('n/c', 3, 4)]],
    ]);
    const asked = client.requests.map(({ body }) => body as { paths: string[]; below: boolean });
    expect(asked.map(({ paths: { length }, below }) => [length, below])).toEqual([
      [1000, true],
      [1, true],
    ]);
    expect(await firstValueFrom(transport.status$)).toMatchObject({ storeSeq: 7 });
  });

  it('are asked for again where an answer had no room, and listed where one fills it alone', async () => {
    const { transport, client } = await connectedToNew();
    client.script(
      told([leaf('n/a/t', 1)], ['n/b', 'n/c']),
      told([], ['n/b', 'n/c']),
      announcing(page([leaf('n/b/t', 2)])),
      told([leaf('n/c/t', 3)]),
    );
    const found = await transport.subtrees(['n/a', 'n/b', 'n/c']);
    expect([...found.keys()]).toEqual(['n/a', 'n/b', 'n/c']);
    expect(client.calls).toEqual([
      'POST /entries/batch',
      'POST /entries/batch',
      'GET /entries?pattern=n/b/**&limit=1000',
      'POST /entries/batch',
    ]);
  });

  it('are read one by one from a server that does not announce it', async () => {
    const { transport, client } = await connected();
    expect(transport.capabilities.subtrees).toBeUndefined();
    client.answer = ({ target }) => page(target.includes('n%2Fa') ? [leaf('n/a/t', 1)] : []);
    expect([...(await transport.subtrees(['n/a']))]).toEqual([['n/a', [leaf('n/a/t', 1)]]]);
    expect(client.calls).toEqual(['GET /entries?pattern=n/a/**&limit=1000']);
  });

  it('refuse an answer that does not say what it left out', async () => {
    const { transport, client } = await connectedToNew();
    client.script(announcing(ok({ entries: {}, missing: ['n/a'] })));
    await expect(transport.subtrees(['n/a'])).rejects.toMatchObject({
      kind: 'http',
      detail: 'unexpected_response',
    });
  });
});
