import type { HttpResponse } from '../../../../src/transport/http/client/http-client.js';
import { connected, leaf, missing, ok, page } from './stub-client.js';

/** Answers a listing from a list of leaves, so many on each page. */
function listingOf(leaves: readonly ReturnType<typeof leaf>[], size: number, target: string): HttpResponse {
  const after = new URLSearchParams(target.split('?')[1]).get('after');
  const start = after === null ? 0 : leaves.findIndex(({ path }) => path === after) + 1;
  const items = leaves.slice(start, start + size);
  return page(items, start + size < leaves.length ? items.at(-1)!.path : null);
}

describe('subtree over HTTP', () => {
  it('is one request when it fits a page', async () => {
    const { transport, client } = await connected();
    const leaves = [leaf('r/a/x', 1, 1), leaf('r/a/y', 2, 2)];
    client.script(page(leaves));
    expect(await transport.subtree('r/a')).toEqual(leaves);
    expect(client.calls).toEqual(['GET /entries?pattern=r/a/**&limit=1000']);
  });

  it('of a leaf, or of nothing, costs one read more', async () => {
    const { transport, client } = await connected();
    client.script(page([]), ok(leaf('a', 'v', 3)), page([]), missing);
    expect(await transport.subtree('a')).toEqual([leaf('a', 'v', 3)]);
    expect(await transport.subtree('b')).toEqual([]);
    expect(client.calls).toEqual([
      'GET /entries?pattern=a/**&limit=1000',
      'GET /entries/a',
      'GET /entries?pattern=b/**&limit=1000',
      'GET /entries/b',
    ]);
  });

  it('takes an envelope for the leaf it is', async () => {
    const { transport, client } = await connected();
    const file = leaf('a', { _type: 'file', hash: 'h' }, 1, 'file');
    client.script(page([]), ok(file));
    expect(await transport.subtree('a')).toEqual([file]);
  });

  it('looks again when children appear between the two reads', async () => {
    const { transport, client } = await connected();
    client.script(page([]), ok(leaf('a', { x: 1 }, 2, 'map')), page([leaf('a/x', 1, 2)]));
    expect(await transport.subtree('a')).toEqual([leaf('a/x', 1, 2)]);
  });

  it('names wildcards literally, and takes a range for what no pattern names', async () => {
    const { transport, client } = await connected();
    client.script(page([leaf('a/*/x', 1)]));
    expect(await transport.subtree('a/*')).toHaveLength(1);
    client.script(page([leaf('a/\\*-/x', 1), leaf('a/\\*/x', 1)]));
    expect(await transport.subtree('a/\\*')).toEqual([leaf('a/\\*/x', 1)]);
    expect(client.calls).toEqual([
      'GET /entries?pattern=a/\\*/**&limit=1000',
      'GET /entries?from=a/\\*&to=a/\\*0&limit=1000',
    ]);
    client.script(page([leaf('a/\\*-/x', 1)]), ok(leaf('a/\\*', 1)));
    expect(await transport.exists('a/\\*')).toBe(true);
  });

  it('of several pages is read until two readings agree', async () => {
    const { transport, client } = await connected();
    const leaves = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5'].map((path, i) => leaf(path, 'old', i + 1));
    let requests = 0;
    client.answer = ({ target }) => {
      // The writer changes the first leaf and the last one while they are read for the first time.
      if (++requests === 2) leaves.splice(0, 5, ...leaves.map(({ path }, i) => leaf(path, 'new', i + 10)));
      return listingOf(leaves, 2, target);
    };
    const read = await transport.subtree('a');
    expect(new Set(read.map(({ value }) => value))).toEqual(new Set(['new']));
    expect(requests).toBe(9);
  });

  it('gives up on what changes all the time', async () => {
    const { transport, client } = await connected();
    let revision = 0;
    client.answer = ({ target }) =>
      listingOf(
        ['a/1', 'a/2', 'a/3'].map((path) => leaf(path, 'v', ++revision)),
        2,
        target,
      );
    await expect(transport.subtree('a')).rejects.toMatchObject({
      kind: 'conflict',
      detail: 'unstable_read',
      path: 'a',
      retryable: true,
    });
    expect(client.requests.length).toBeLessThan(30);
  });
});
