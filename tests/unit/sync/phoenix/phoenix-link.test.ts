import { once } from 'node:events';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { DustError, isDustError } from '../../../../src/errors.js';
import type { FrameCodec } from '../../../../src/protocol/wire/frame-codec.js';
import { jsonCodec, messagePackCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { Frame } from '../../../../src/protocol/wire/frames.js';
import { PhoenixLinker } from '../../../../src/sync/phoenix/index.js';
import { DialingAgent } from '../../../../src/transport/dialing-agent.js';
import { TOKEN, openLink, resources, settledTo } from './link-scene.js';
import type { Probe } from './link-scene.js';
import type { Script, ScriptedServerOptions } from './scripted-server.js';
import { JOINED, ScriptedServer, joinsAll } from './scripted-server.js';

const TOPIC = 'store:acme/reading';
let server: ScriptedServer | undefined;
let before: string[];

beforeEach(() => {
  before = resources();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  await settledTo(before);
});

async function serving(script?: Script, options?: ScriptedServerOptions): Promise<ScriptedServer> {
  server = await ScriptedServer.open(script, options);
  return server;
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Opens and joins; `then` runs on the server right after the reply to the join. */
async function joined(then: Script = () => undefined, options = {}): Promise<Probe> {
  const { url } = await serving((client, frame) => {
    joinsAll(client, frame);
    then(client, frame);
  });
  const probe = openLink(url, options);
  await probe.link.join(3);
  return probe;
}

describe.each<[string, FrameCodec]>([
  ['JSON', jsonCodec],
  ['MessagePack', messagePackCodec],
])('a link in %s', (_name, codec) => {
  it('joins, pushes and hears replies and messages', async () => {
    const { url, clients } = await serving(
      (client, frame) => {
        joinsAll(client, frame);
        if (frame[3] === 'phx_join') {
          client.send([frame[0], null, TOPIC, 'catch_up_complete', { through_seq: 7 }]);
        }
        if (frame[3] === 'write') {
          client.send([null, null, TOPIC, 'event', { store_seq: 8 }]);
          client.reply(frame, 'ok', { store_seq: 8 });
        }
        if (frame[3] === 'status') client.reply(frame, 'error', { reason: 'no' });
      },
      { codec },
    );
    const { link, messages } = openLink(url, { codec });
    expect(await link.join(3)).toEqual(JOINED);
    expect(await link.push('write', { op: 'set', path: 'x', value: 1 })).toEqual({
      status: 'ok',
      response: { store_seq: 8 },
    });
    expect(await link.push('status', {})).toEqual({ status: 'error', response: { reason: 'no' } });
    expect(messages).toEqual([
      ['catch_up_complete', { through_seq: 7 }],
      ['event', { store_seq: 8 }],
    ]);
    const [client] = clients;
    expect(Object.fromEntries(client!.query)).toEqual({
      token: TOKEN,
      device_id: 'dev_a',
      capver: '3',
      vsn: codec.vsn,
    });
    const [join, write] = client!.frames as [Frame, Frame];
    expect(join).toEqual([join[1], join[1], TOPIC, 'phx_join', { last_store_seq: 3 }]);
    expect(write).toEqual([join[1], write[1], TOPIC, 'write', { op: 'set', path: 'x', value: 1 }]);
    link.close();
  });
});

it('joins over a socket that has been open for a while', async () => {
  const { url, clients } = await serving();
  const { link } = openLink(url, { heartbeatInterval: 300 });
  // Its first heartbeat: the socket is open by then.
  while (clients[0]?.frames.length !== 1) await new Promise(setImmediate);
  expect(await link.join(3)).toEqual(JOINED);
  link.close();
});

describe('messages', () => {
  it('arrive in order, after whoever awaits the join has gone on', async () => {
    const { url } = await serving((client, frame) => {
      if (frame[3] !== 'phx_join') return;
      const [ref] = frame;
      const events = Array.from({ length: 50 }, (_, i): Frame => [
        i % 3 === 0 ? null : ref,
        null,
        TOPIC,
        'event',
        i,
      ]);
      client.send([ref, ref, TOPIC, 'phx_reply', { status: 'ok', response: JOINED }], ...events);
    });
    const { link, messages, arrived } = openLink(url);
    await link.join(0);
    await Promise.resolve();
    expect(messages).toEqual([]);
    await arrived(50);
    expect(messages.map(([, payload]) => payload)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    link.close();
  });

  it.each<[string, readonly Frame[]]>([
    ['its owner closes it', []],
    ['the server ends the channel', [[null, null, TOPIC, 'phx_close', {}]]],
  ])('do not come any more when %s before they are passed on', async (_when, last) => {
    const { url } = await serving((client, frame) => {
      if (frame[3] !== 'phx_join') return;
      const [ref] = frame;
      const joinReply: Frame = [ref, ref, TOPIC, 'phx_reply', { status: 'ok', response: JOINED }];
      client.send(joinReply, [ref, null, TOPIC, 'event', 1], ...last);
    });
    const { link, messages, ends } = openLink(url);
    await link.join(0);
    await Promise.resolve();
    link.close();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(messages).toEqual([]);
    expect(ends).toHaveLength(last.length);
  });

  it('of another topic or another join are none of the link', async () => {
    const { link, messages, ends, arrived } = await joined((client, frame) => {
      if (frame[3] !== 'phx_join') return;
      client.send(
        ['0', null, TOPIC, 'phx_close', {}],
        ['0', null, TOPIC, 'phx_error', {}],
        ['0', null, TOPIC, 'event', 'old'],
        [null, null, 'store:acme/other', 'event', 'other'],
        [null, null, 'phoenix', 'phx_error', {}],
        [null, '999', TOPIC, 'phx_reply', { status: 'ok', response: {} }],
        [frame[0], null, TOPIC, 'event', 'mine'],
      );
    });
    await arrived(1);
    expect(messages).toEqual([['event', 'mine']]);
    expect(ends).toEqual([]);
    link.close();
  });
});

describe('a push that is longer than the server takes', () => {
  it.each<[string, FrameCodec]>([
    ['JSON', jsonCodec],
    ['MessagePack', messagePackCodec],
  ])('is refused before the link ends, and no other is (%s)', async (_name, codec) => {
    const { url, clients } = await serving(joinsAll, { codec });
    const { link, ended } = openLink(url, { codec });
    await link.join(3);
    const replies: [path: string, reply: unknown][] = [];
    for (const [path, value] of [
      ['a', 'x'.repeat(4000)],
      ['b', '€'.repeat(2000)],
      ['c', 'x'],
    ] as const) {
      void link.push('write', { path, value }).then((reply) => replies.push([path, reply]));
    }
    clients[0]!.socket.close(1009);
    expect(await ended).toEqual({ kind: 'lost', reason: 'the connection was closed (code 1009)' });
    expect(replies).toEqual([['b', { status: 'error', response: { reason: 'too_large' } }]]);
  });
});

describe('an end', () => {
  it.each(['unauthorized', 'store_not_allowed', 'missing_scope'])('comes as refused: %s', async (reason) => {
    const { url } = await serving((client, frame) => client.reply(frame, 'error', { reason }));
    const { link, ends } = openLink(url);
    const error = await rejection(link.join(0));
    expect(isDustError(error, 'unauthorized') && error.detail).toBe(reason);
    expect(ends).toEqual([{ kind: 'refused', reason }]);
  });

  it.each([401, 403])('comes as refused when the upgrade is answered with %d', async (status) => {
    const { url } = await serving(undefined, { refuse: status });
    const { link, ends } = openLink(url);
    expect(isDustError(await rejection(link.join(0)), 'unauthorized')).toBe(true);
    expect(ends).toEqual([{ kind: 'refused', reason: 'upgrade_refused', status }]);
  });

  it.each([302, 404, 426, 429, 503])('comes as lost when the upgrade is answered with %d', async (refuse) => {
    const { url } = await serving(undefined, { refuse });
    const { link, ends } = openLink(url);
    expect(isDustError(await rejection(link.join(0)), 'network')).toBe(true);
    expect(ends).toEqual([{ kind: 'lost', reason: expect.stringContaining(String(refuse)) }]);
  });

  it('comes as lost when nobody listens', async () => {
    const { url } = await serving();
    await server?.close();
    const { link, ends } = openLink(url);
    await rejection(link.join(0));
    expect(ends).toEqual([{ kind: 'lost', reason: 'the connection failed (ECONNREFUSED)' }]);
  });

  it('comes as lost when the join crashed', async () => {
    const { url } = await serving((client, frame) =>
      client.reply(frame, 'error', { reason: 'join crashed' }),
    );
    const { link, ended } = openLink(url);
    await rejection(link.join(0));
    expect(await ended).toEqual({ kind: 'lost', reason: 'the join failed (join crashed)' });
  });

  it.each<[string, object]>([
    ['no permissions', { ...JOINED, permissions: undefined }],
    ['a seq that is a text', { ...JOINED, store_seq: '7' }],
  ])('comes as lost when the join is answered with %s', async (_what, response) => {
    const { url } = await serving((client, frame) => client.reply(frame, 'ok', response));
    const { link, ended } = openLink(url);
    await rejection(link.join(0));
    expect(await ended).toMatchObject({ kind: 'lost' });
  });

  it.each<[string, object]>([
    ['phx_close', {}],
    ['phx_error', { isCrash: true }],
  ])('comes with %s of this join, and once', async (event, more) => {
    const { ended, ends, messages } = await joined((client, frame) => {
      client.send(
        [frame[0], null, TOPIC, event, {}],
        [frame[0], null, TOPIC, 'event', 'late'],
        [frame[0], null, TOPIC, 'phx_close', {}],
      );
    });
    const reason = `the server ended the channel (${event})`;
    expect(await ended).toEqual({ kind: 'lost', reason, ...more });
    const { socket } = server!.clients[0]!;
    if (socket.readyState !== socket.CLOSED) await new Promise((resolve) => socket.once('close', resolve));
    expect(ends).toHaveLength(1);
    expect(messages).toEqual([]);
  });

  it.each([1000, 1001, 1011])('comes as lost whatever the close code: %d', async (code) => {
    const { ended } = await joined((client) => client.socket.close(code));
    expect(await ended).toEqual({ kind: 'lost', reason: `the connection was closed (code ${code})` });
  });

  it.each<[string, (client: { socket: { send(data: unknown): void } }) => void]>([
    ['what is not JSON', (client) => client.socket.send('{"')],
    ['what is no frame', (client) => client.socket.send('[]')],
    [
      'a reply without a status',
      (client) => client.socket.send('["3","3","store:acme/reading","phx_reply",{}]'),
    ],
  ])('comes as lost with %s', async (_what, say) => {
    const { url } = await serving((client) => say(client));
    const { link, ended } = openLink(url);
    void rejection(link.join(0));
    expect(await ended).toMatchObject({ kind: 'lost' });
  });

  it('comes as lost with a message that is too long', async () => {
    const { ended } = await joined((client) => client.send([null, null, TOPIC, 'event', 'x'.repeat(5000)]), {
      maxPayload: 4096,
    });
    expect(await ended).toEqual({
      kind: 'lost',
      reason: 'the connection failed (WS_ERR_UNSUPPORTED_MESSAGE_LENGTH)',
    });
  });

  it('cuts the connection at once, though the server reads nothing of what was sent', async () => {
    const { link, ended } = await joined((client, frame) => {
      if (frame[3] !== 'status') return;
      client.socket.pause();
      setImmediate(() => client.socket.send('no message'));
    });
    const standing = resources();
    void link.push('status', {});
    await new Promise(setImmediate);
    for (let i = 0; i < 8; i++) void link.push('write', { value: 'x'.repeat(1_000_000) });
    expect(await ended).toMatchObject({ kind: 'lost' });
    // What is closed is gone a turn of the event loop later. Waiting for the server would take many.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    const sockets = (all: readonly string[]): number => all.filter((kind) => kind === 'TCPSocketWrap').length;
    expect(sockets(resources())).toBe(sockets(standing) - 1);
  });

  it('comes when a heartbeat is not answered, within two of them', async () => {
    const { url } = await serving(joinsAll, { answersHeartbeats: false });
    const { link, ended } = openLink(url, { heartbeatInterval: 40 });
    await link.join(0);
    const start = performance.now();
    expect(await ended).toEqual({ kind: 'lost', reason: 'the server did not answer a heartbeat' });
    expect(performance.now() - start).toBeLessThan(40 * 2 + 100);
  });

  it('leaves pushes unsettled, those made later too', async () => {
    const { link, ended } = await joined((client, frame) => {
      if (frame[3] === 'write') client.socket.terminate();
    });
    const outcomes: string[] = [];
    const note = (what: string) => () => outcomes.push(what);
    link.push('write', {}).then(note('resolved'), note('rejected'));
    await ended;
    link.push('write', {}).then(note('resolved'), note('rejected'));
    await new Promise(setImmediate);
    expect(outcomes).toEqual([]);
  });
});

describe('a live link', () => {
  it('lasts while heartbeats are answered', async () => {
    const { url, clients } = await serving();
    const { link, ends } = openLink(url, { heartbeatInterval: 100 });
    await link.join(0);
    const beats = (): number => clients[0]!.frames.filter(([, , topic]) => topic === 'phoenix').length;
    while (beats() < 3 && ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ends).toEqual([]);
    link.close();
  });

  it('leaves when it is closed, and says nothing', async () => {
    const { link, ends } = await joined();
    const { socket, frames } = server!.clients[0]!;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    link.close();
    link.close();
    expect(await closed).toBe(1005);
    expect(frames.at(-1)?.[3]).toBe('phx_leave');
    expect(ends).toEqual([]);
  });

  it('can be closed before it stands', async () => {
    const { url } = await serving();
    const { link, ends } = openLink(url);
    void rejection(link.join(0));
    link.close();
    await new Promise(setImmediate);
    const later = openLink(url);
    await new Promise(setImmediate);
    later.link.close();
    await settledTo([...before, 'TCPServerWrap']);
    expect([...ends, ...later.ends]).toEqual([]);
  });

  it('is joined once, and before anything is pushed', async () => {
    const { url } = await serving();
    const { link } = openLink(url);
    expect(isDustError(await rejection(link.push('write', {})), 'not_initialized')).toBe(true);
    await link.join(0);
    expect(isDustError(await rejection(link.join(0)), 'not_initialized')).toBe(true);
    link.close();
  });
});

describe('a link that opens its connection itself', () => {
  it('reaches what its url does not name', async () => {
    const { url } = await serving((client, frame) => {
      client.reply(frame, 'error', { reason: 'there' });
    });
    const dial = async () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    };
    const elsewhere = 'ws://nowhere/ws/sync/websocket';
    const { link, ended } = openLink(elsewhere, { agent: () => new DialingAgent(dial) });
    await rejection(link.join(0));
    expect((await ended).reason).toBe('the join failed (there)');
  });

  it('ends with the reason why there is none', async () => {
    const away = new DustError('network', 'nobody is there');
    const agent = () => new DialingAgent(() => Promise.reject(away));
    const { link, ended } = openLink('ws://nowhere/ws/sync/websocket', { agent });
    await rejection(link.join(0));
    expect(await ended).toEqual({ kind: 'lost', reason: 'nobody is there' });
  });
});

describe('the token', () => {
  it('is shown by nothing', async () => {
    const { url } = await serving((client, frame) => {
      client.reply(frame, 'error', { reason: `no such token: ${TOKEN}` });
    });
    const { link, ends } = openLink(url);
    const error = await rejection(link.join(0));
    const linker = new PhoenixLinker({ socketUrl: url, store: 'a/b', token: TOKEN, deviceId: 'd' });
    const bad = openLink('ws://[', {});
    const badError = await rejection(bad.link.join(0));
    const shown = [link, linker, ends, error, badError, bad.ends].map((value) =>
      inspect(value, { depth: 9, showHidden: true }),
    );
    shown.push(String((error as Error).stack), JSON.stringify(ends));
    for (const text of shown) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(encodeURIComponent(TOKEN));
    }
    expect(ends[0]?.reason).toContain('[token]');
    expect(bad.ends).toHaveLength(1);
  });
});
