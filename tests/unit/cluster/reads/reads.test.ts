import type { HttpClient } from '../../../../src/transport/http/client/http-client.js';
import {
  DataSource,
  DustEntity,
  EmbeddedTransport,
  Field,
  HttpTransport,
  Slug,
} from '../../../../src/index.js';
import { silentLogger } from '../../../../src/logging.js';
import { createHttpClient } from '../../../../src/transport/http/create-http-client.js';
import { createChannelTransport, EngineRegistry } from '../../../../src/transport/channel/index.js';
import { refusalOf } from '../../store/open-store.js';
import { goOn } from '../model/turns.js';
import type { HeldNode } from './held-nodes.js';
import { HeldNodes } from './held-nodes.js';

@DustEntity('pages')
class Page {
  @Slug() id!: string;
  @Field() title!: string;
}

/** Whether the work is done, after all that can go on has gone on. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  let done = false;
  const note = (): void => {
    done = true;
  };
  work.then(note, note);
  await goOn(20);
  return done;
}

describe('reads on a node that is behind', () => {
  let cluster: HeldNodes;
  let ahead: HeldNode;
  let behind: HeldNode;

  beforeEach(() => {
    cluster = new HeldNodes(2);
    [ahead, behind] = cluster.nodes as [HeldNode, HeldNode];
  });

  afterEach(() => cluster.close());

  describe('in its process', () => {
    let source: DataSource;

    beforeEach(async () => {
      const transport = () => new EmbeddedTransport({ store: behind.store });
      source = await new DataSource({ entities: [Page], transport, logger: silentLogger }).initialize();
      behind.hold();
    });

    afterEach(() => source.destroy());

    it('show what it has, unless they are to wait for what was acknowledged elsewhere', async () => {
      const pages = source.getRepository(Page);
      await ahead.store.write({ op: 'set', path: 'pages/a', value: { title: 'x' } });
      expect(await pages.find()).toEqual([]);
      const waiting = pages.find({ consistency: 'linearizable' });
      expect(await isDone(waiting)).toBe(false);
      behind.letGo();
      expect(await waiting).toMatchObject([{ id: 'a' }]);
    });

    it('wait for an operation that somebody has seen, and not for others', async () => {
      const pages = source.getRepository(Page);
      const first = await ahead.store.write({ op: 'set', path: 'pages/a', value: { title: 'x' } });
      behind.letGo();
      await pages.find({ consistency: { minSeq: first.storeSeq } });
      behind.hold();
      const second = await ahead.store.write({ op: 'set', path: 'pages/b', value: { title: 'y' } });
      expect(await pages.find({ consistency: { minSeq: first.storeSeq } })).toHaveLength(1);
      const { last } = cluster.log.bounds;
      const waiting = pages.find({ consistency: { minSeq: second.storeSeq } });
      expect(await isDone(waiting)).toBe(false);
      behind.letGo();
      expect(await waiting).toHaveLength(2);
      // The log was not asked for it.
      expect(cluster.log.bounds.last).toBe(last);
    });

    it('ask the log when an operation does not come, which tells one that never was', async () => {
      behind.letGo();
      const waiting = refusalOf(source.getRepository(Page).find({ consistency: { minSeq: 7 } }));
      expect(await isDone(waiting)).toBe(false);
      await behind.clock.advance(1000);
      expect(await waiting).toMatchObject({ kind: 'invalid_params', detail: 'unknown_seq' });
    });

    it.each([
      ['linearizable', 'linearizable' as const],
      ['with a seq', { minSeq: 7 }],
    ])('are refused for now when the log does not answer in time: %s', async (_, consistency) => {
      const waiting = refusalOf(source.getRepository(Page).find({ consistency }));
      expect(await isDone(waiting)).toBe(false);
      await behind.clock.advance(1000);
      await behind.clock.advance(30_000);
      expect(await waiting).toMatchObject({ kind: 'timeout', detail: 'not_current', retryable: true });
    });

    it('are called off by their signal', async () => {
      const waiting = new AbortController();
      const { signal } = waiting;
      const outcome = refusalOf(source.getRepository(Page).find({ consistency: 'linearizable', signal }));
      await goOn();
      waiting.abort();
      expect(await outcome).toMatchObject({ kind: 'aborted' });
    });

    it('end when the node is closed', async () => {
      const outcome = refusalOf(source.getRepository(Page).find({ consistency: { minSeq: 7 } }));
      await goOn();
      const closing = behind.store.close();
      expect(await outcome).toMatchObject({ kind: 'closed' });
      behind.letGo();
      await closing;
    });
  });

  describe('over HTTP, behind a balancer', () => {
    let transport: HttpTransport;
    /** Where the next request goes. */
    let next: HeldNode;

    beforeEach(async () => {
      const clients = new Map<HeldNode, HttpClient>();
      for (const node of cluster.nodes) clients.set(node, createHttpClient(await cluster.serve(node)));
      const tokens = [...clients.values()];
      next = ahead;
      transport = new HttpTransport(
        { url: 'http://localhost', store: 'acme/reads', token: 'dust_tok_balanced' },
        {
          send: (request) => clients.get(next)!.send(request),
          close: () => {
            for (const client of tokens) client.close();
          },
        },
      );
      await transport.connect();
      behind.hold();
    });

    afterEach(() => transport.close());

    it('show one’s own writes, whichever node they come to', async () => {
      await transport.set('a', 1);
      next = behind;
      const waiting = transport.get('a');
      await expect(Promise.race([waiting, answered(1)])).resolves.toBeUndefined();
      behind.letGo();
      expect(await waiting).toMatchObject({ value: 1 });
    });

    it('never show an older state after a newer one, of something else neither', async () => {
      await ahead.store.write({ op: 'set', path: 'a', value: 1 });
      expect(await transport.get('nothing')).toBeNull();
      next = behind;
      const waiting = transport.exists('a');
      await expect(Promise.race([waiting, answered(1)])).resolves.toBeUndefined();
      behind.letGo();
      expect(await waiting).toBe(true);
    });

    it('wait for what was acknowledged elsewhere where they are to', async () => {
      next = behind;
      await ahead.store.write({ op: 'set', path: 'a', value: 1 });
      expect(await transport.get('a')).toBeNull();
      const barrier = transport.barrier();
      await expect(Promise.race([barrier, answered(1)])).resolves.toBeUndefined();
      behind.letGo();
      expect(await barrier).toBe(1);
      expect(await transport.get('a')).toMatchObject({ value: 1 });
    });

    it('go on with what there is when the store was restored to what it was before', async () => {
      const { storeSeq } = await transport.set('a', 1);
      const restored = new HeldNodes(1);
      try {
        const [node] = restored.nodes;
        const client = createHttpClient(await restored.serve(node!));
        const barred = new HttpTransport(
          { url: 'http://localhost', store: 'acme/reads', token: 'dust_tok_balanced' },
          client,
        );
        await barred.connect();
        expect(await refusalOf(waitedFor(node!, barred.barrier({ minSeq: storeSeq })))).toMatchObject({
          detail: 'unknown_seq',
        });
        expect(await barred.get('a')).toBeNull();
        await barred.close();
      } finally {
        await restored.close();
      }
    });

    it('are answered 503 when the log does not answer in time', async () => {
      next = behind;
      const outcome = refusalOf(transport.barrier());
      await answered(1);
      await behind.clock.advance(30_000);
      expect(await outcome).toMatchObject({
        kind: 'http',
        status: 503,
        detail: 'not_current',
        retryable: true,
      });
    });
  });

  it('over the channel wait for the mirror, too', async () => {
    const transport = createChannelTransport(
      { ...(await cluster.serve(behind)), logger: silentLogger },
      new EngineRegistry(),
    );
    await transport.connect();
    try {
      behind.hold();
      await ahead.store.write({ op: 'set', path: 'a', value: 1 });
      expect(await transport.get('a')).toBeNull();
      const barrier = transport.barrier();
      behind.letGo();
      expect(await barrier).toBe(1);
      expect(await transport.get('a')).toMatchObject({ value: 1 });
    } finally {
      await transport.close();
    }
  });

  describe('of a client of its own', () => {
    it.each([
      ['x-dust-min-seq', '-1'],
      ['x-dust-min-seq', 'x'],
      ['x-dust-min-seq', '99999999999999999'],
      ['x-dust-consistency', 'eventual'],
    ])('are refused with %s: %s', async (header, value) => {
      const { url, store, token } = await cluster.serve(ahead);
      const headers = { authorization: `Bearer ${token}`, [header]: value };
      const answer = await fetch(`${url}/api/stores/${store}/entries/a`, { headers });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: 'invalid_params' });
    });
  });

  /** Time in which a request could have been answered. */
  async function answered(requests: number): Promise<void> {
    const { url, store, token } = await cluster.serve(ahead);
    const headers = { authorization: `Bearer ${token}` };
    for (let i = 0; i <= requests; i++) {
      await (await fetch(`${url}/api/stores/${store}/entries/nothing`, { headers })).text();
    }
  }

  /** Lets the node's clock go on until the work is done. */
  async function waitedFor<T>(node: HeldNode, work: Promise<T>): Promise<T> {
    let done = false;
    const note = (): void => {
      done = true;
    };
    work.then(note, note);
    while (!done) {
      await goOn(5);
      await node.clock.advance(1000);
    }
    return work;
  }
});
