import { EventEmitter } from 'node:events';
import ws from 'ws';
import { jsonCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { PhoenixLinkerOptions } from '../../../../src/sync/phoenix/index.js';
import { PhoenixLinker } from '../../../../src/sync/phoenix/index.js';
import { resources, settledTo } from './link-scene.js';

/** The package as a link loads it. */
const sockets = ws as unknown as { WebSocket: (url: string, bounds: object) => EventEmitter };

/** The sockets that were asked for, none of which is made. */
let asked: { url: string; bounds: object; socket: EventEmitter }[];
/** The waits that were begun. */
let waits: unknown[];
let before: string[];

beforeEach(() => {
  before = resources();
  asked = [];
  waits = [];
  jest.spyOn(sockets, 'WebSocket').mockImplementation((url, bounds) => {
    const ignore = (): undefined => undefined;
    const quiet = { readyState: 0, bufferedAmount: 0, close: ignore, terminate: ignore };
    const held = { pause: () => void waits.push('held'), resume: () => void waits.push('let go') };
    const socket = Object.assign(new EventEmitter(), quiet, held);
    asked.push({ url, bounds, socket });
    return socket;
  });
  const { setTimeout: wait } = globalThis;
  jest.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, ms?: number) => {
    waits.push(ms);
    return wait(run, ms);
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await settledTo(before);
});

async function open(options: Partial<PhoenixLinkerOptions> = {}) {
  const linker = new PhoenixLinker({
    socketUrl: 'wss://host/ws/sync/websocket',
    store: 'acme/reading',
    token: 'dust_tok_x',
    deviceId: 'dev_a',
    ...options,
  });
  const link = linker.open({ onMessage: () => undefined, onEnd: () => undefined });
  while (asked.length === 0) await new Promise(setImmediate);
  const [{ url, bounds, socket }] = asked as [(typeof asked)[number]];
  socket.emit('open');
  link.hold?.(true);
  link.hold?.(false);
  link.close();
  return { url: new URL(url), bounds };
}

it('a link is bounded where nothing else is said', async () => {
  const { url, bounds } = await open();
  expect(bounds).toEqual({
    handshakeTimeout: 10_000,
    closeTimeout: 1000,
    maxPayload: 256 * 1024 * 1024,
    perMessageDeflate: false,
    agent: undefined,
  });
  expect(waits).toContain(30_000);
  expect(waits.filter((wait) => typeof wait === 'string')).toEqual(['held', 'let go']);
  expect(url.searchParams.get('vsn')).toBe(jsonCodec.vsn);
});

it('a link is bounded by what is said', async () => {
  const { bounds } = await open({ openTimeout: 5, maxPayload: 7, heartbeatInterval: 1234 });
  expect(bounds).toMatchObject({ handshakeTimeout: 5, maxPayload: 7 });
  expect(waits).toContain(1234);
  expect(waits).toContain(5);
});

it.each([
  'wss://host/ws/sync/websocket',
  'wss://host/ws/sync/websocket/',
  'wss://host/ws/sync',
  'wss://host/ws/sync//',
])('a link to %s leads to the socket there', async (socketUrl) => {
  const { url } = await open({ socketUrl });
  expect(url.pathname).toBe('/ws/sync/websocket');
});

it('a link that has ended before it is asked to join says why', async () => {
  const token = (): string => {
    throw new Error('none');
  };
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const linker = new PhoenixLinker({ socketUrl: 'ws://h/ws', store: 'a/b', token, deviceId: 'd' });
  const link = linker.open({ onMessage: () => undefined, onEnd: () => end?.() });
  await ended;
  await expect(link.join(0)).rejects.toMatchObject({ kind: 'network', detail: 'link_lost' });
});
