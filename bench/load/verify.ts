import type { WirePage, WireReceipt } from '../../src/protocol/wire/http.js';
import type { JsonClient } from './json-client.js';

/** The paths whose value in the store is not the acknowledged one: lost, stale, or back from the dead. */
export async function lostWrites(
  client: JsonClient,
  acknowledged: ReadonlyMap<string, string>,
): Promise<string[]> {
  const stored = await everything(client);
  const paths = new Set([...acknowledged.keys(), ...stored.keys()]);
  return [...paths].filter((path) => stored.get(path) !== acknowledged.get(path));
}

async function everything(client: JsonClient): Promise<Map<string, unknown>> {
  const stored = new Map<string, unknown>();
  let after = '';
  for (;;) {
    const { text } = await client.send(
      'GET',
      `/entries?pattern=${encodeURIComponent('load/**')}&limit=1000${after}`,
    );
    const page = JSON.parse(text) as WirePage;
    for (const { path, value } of page.items) stored.set(path, value);
    if (page.next_cursor === null) return stored;
    after = `&after=${encodeURIComponent(page.next_cursor)}`;
  }
}

/** The store's seq, found by one more write: the seq before that one. */
export async function currentSeq(client: JsonClient): Promise<number> {
  const { text } = await client.send('PUT', '/entries/probe', true);
  return (JSON.parse(text) as WireReceipt).store_seq - 1;
}
