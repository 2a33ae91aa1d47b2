import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/protocol/values/value.js';
import type { SyncWrite } from '../../src/sync/index.js';
import { EngineBench, calm } from '../unit/sync/engine-bench.js';

type Frame = readonly [string | null, string | null, string, string, any];

interface Entry {
  readonly at: string;
  readonly client?: string;
  readonly frame?: Frame;
  readonly result?: unknown;
  readonly set?: number;
  readonly count?: number;
  readonly first?: number;
  readonly request?: { readonly path: string };
  readonly response?: { readonly body?: { readonly items?: readonly Listed[] } };
}

interface Listed {
  readonly path: string;
  readonly value: JsonValue;
  readonly type: string;
  readonly revision: number;
}

/** Ends with a rollback of the whole store, which is not broadcast: nobody stands where the listing does. */
const ROLLBACK = 'channel-rollback.json';

const FOLDER = join(__dirname, 'recordings');
const RECORDINGS = readdirSync(FOLDER).filter((name) => name.startsWith('channel-'));

/** The placeholders that stand for numbers, so that envelopes are what they were. */
function read(name: string): readonly Entry[] {
  const text = readFileSync(join(FOLDER, name), 'utf8').replaceAll('"$EPOCH_MS"', '1767225600000');
  return (JSON.parse(text) as { log: readonly Entry[] }).log;
}

/** The write of a recorded push; undefined for one that the engine refuses to send at all. */
function writeOf({
  op,
  path,
  value,
  client_op_id,
  if_match,
  if_absent,
  ttl_ms,
  holder,
  token,
}: any): SyncWrite {
  return {
    ...{ op, path, value, clientOpId: client_op_id, ifMatch: if_match, ifAbsent: if_absent },
    ...{ ttl: ttl_ms, holder, token },
  };
}

/** One engine that hears what one client heard. */
class Listener {
  readonly bench = new EngineBench({ delivery: 'at-least-once', limits: { inFlight: 1000 } });
  /** Which of the engine's pushes a recorded reference stands for. */
  readonly #pushes = new Map<string, string>();

  begin(): void {
    void this.bench.engine.start().catch(() => undefined);
  }

  async out([, ref, , event, payload]: Frame): Promise<void> {
    if (event !== 'write') return;
    this.#pushes.set(ref!, payload.client_op_id);
    await calm();
    await this.bench.engine.write(writeOf(payload)).then(undefined, () => undefined);
  }

  async in([, ref, , event, payload]: Frame): Promise<void> {
    const { link } = this.bench;
    if (event === 'phx_reply') this.#reply(ref!, payload);
    else if (!event.startsWith('phx_')) link.say(event, payload);
    await calm();
  }

  #reply(ref: string, { status, response }: any): void {
    const { link } = this.bench;
    if (response.capver !== undefined) link.accept(response.store_seq);
    const id = this.#pushes.get(ref);
    const push = link.writes.find(({ payload }) => payload.client_op_id === id);
    push?.reply({ status, response });
  }
}

describe.each(RECORDINGS)('an engine fed with %s', (name) => {
  it('has the leaves of the recorded listing when it stands where that was taken', async () => {
    const log = read(name);
    const listeners = new Map<string, Listener>();
    const compared = new Set<Listener>();
    let listing: Listing | undefined;
    let bulk = 0;
    for (const [i, entry] of log.entries()) {
      bulk += entry.set ?? 0;
      listing = listingIn(log, i) ?? listing;
      if (entry.client !== undefined) await feed(listeners, entry, bulk);
      for (const listener of listeners.values()) {
        if (listener.bench.engine.status.storeSeq !== listing?.storeSeq) continue;
        compare(listener, listing.items);
        compared.add(listener);
      }
    }
    expect(listeners.size).toBeGreaterThan(0);
    if (listing !== undefined && name !== ROLLBACK) expect(compared.size).toBeGreaterThan(0);
    for (const { bench } of listeners.values()) {
      await bench.close();
      expect(bench.clock.pending).toBe(0);
    }
  });
});

async function feed(listeners: Map<string, Listener>, entry: Entry, bulk: number): Promise<void> {
  const { at, client, frame } = entry;
  if (at === 'open' && entry.result === 'open') {
    listeners.set(client!, new Listener());
    listeners.get(client!)!.begin();
  }
  const listener = listeners.get(client!);
  if (listener === undefined) return;
  if (at === 'out') void listener.out(frame!);
  if (at === 'in') await listener.in(frame!);
  if (at === 'in-run') runOf(listener, entry, bulk);
  await calm();
}

/** Revisions that came in a snapshot are upper bounds. */
function compare({ bench }: Listener, items: readonly Listed[]): void {
  const leaves = [...bench.storage.leaves.range({})];
  expect(leaves.map(({ path, value }) => ({ path, value }))).toEqual(
    items.map(({ path, value }) => ({ path, value })),
  );
  for (const [i, { revision }] of leaves.entries()) {
    expect(revision).toBeGreaterThanOrEqual(items[i]!.revision);
  }
}

/** A run of events cut for size: leaves that were written in bulk, and live ones before them. */
function runOf({ bench }: Listener, { count, first }: Entry, bulk: number): void {
  if (count === 1) return;
  bench.link.event(first!, 'set', 'live', 1);
  for (let seq = 1; seq <= bulk; seq++) bench.link.event(seq, 'set', `bulk/${seq}`, seq);
}

interface Listing {
  readonly items: readonly Listed[];
  /** The seq that a client stands at who has heard of everything before. */
  readonly storeSeq: number;
}

/** The listing that an entry of the log holds. */
function listingIn(log: readonly Entry[], index: number): Listing | undefined {
  const { request, response } = log[index]!;
  const items = response?.body?.items;
  if (items === undefined || request?.path.includes('pattern=**') !== true) return undefined;
  const seqs = log
    .slice(0, index)
    .flatMap(({ at, frame }) => (at === 'in' ? [frame![4].store_seq, frame![4].response?.store_seq] : []))
    .filter((seq): seq is number => typeof seq === 'number');
  return { items, storeSeq: Math.max(0, ...seqs, ...items.map(({ revision }) => revision)) };
}
