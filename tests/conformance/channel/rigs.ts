import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { FrameCodec } from '../../../src/protocol/wire/frame-codec.js';
import { jsonCodec } from '../../../src/protocol/wire/frame-codec.js';
import { ChannelSession } from '../../../src/server/channel/index.js';
import type { AccessToken, DustServerOptions } from '../../../src/server/index.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import { serverParts } from '../../../src/server/server-parts.js';
import { TestClock } from '../../../src/testing/index.js';
import { http } from '../../unit/server/http.js';
import type { RecordedRequest } from '../recording.js';
import { FrameQueue } from './frame-queue.js';
import type { RecordedQuery } from './recorded-log.js';
import { STORE } from './recorded-log.js';
import type { ReplayClient, Rig } from './replay.js';

const TOKENS: Readonly<Record<string, string>> = {
  full: 'full-token-of-the-recordings',
  readonly: 'readonly-token-of-the-recordings',
  other: 'other-token-of-the-recordings',
  bad: 'a-token-that-nobody-gave-out',
};

const KNOWN: readonly AccessToken[] = [
  { token: TOKENS.full! },
  { token: TOKENS.readonly!, scopes: ['entries:read'] },
  { token: TOKENS.other!, stores: ['acme/other'] },
];

/** A rig with what must be done when it is no longer needed. */
export interface RunningRig extends Rig {
  dispose(): Promise<void>;
}

export interface RigOptions {
  readonly imitate?: '0.1' | undefined;
  readonly storage?: 'memory' | 'LMDB';
}

/** A server over a store of its own, which clients reach as `open` says. */
async function startRig(
  { imitate, storage = 'memory' }: RigOptions,
  open: (
    server: { url: string; options: DustServerOptions },
    query: RecordedQuery,
  ) => ReturnType<Rig['open']>,
): Promise<RunningRig> {
  const folder = storage === 'LMDB' ? mkdtempSync(join(tmpdir(), 'dust-orm-channel-')) : undefined;
  const clock = new TestClock();
  const store = await openStore({ path: folder, clock });
  const options = { stores: { [STORE]: store }, tokens: KNOWN, imitate, clock };
  const server = new DustServer(options);
  const { url } = await server.listen({ port: 0 });
  return {
    open: (query) => open({ url, options }, query),
    ask: ({ method, path, token = 'full', headers, body }: RecordedRequest) =>
      http(url, {
        method,
        path: path.replace('$STORE', STORE),
        token: TOKENS[token]!,
        ...(headers === undefined ? {} : { headers }),
        body,
      }),
    compact: () => store.compact(),
    pass: (ms) => clock.advance(ms),
    dispose: async () => {
      await server.close();
      await store.close();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
  };
}

/** Clients are WebSockets that speak as `codec` does wherever JSON was recorded. */
export function socketRig(codec: FrameCodec, options: RigOptions = {}): Promise<RunningRig> {
  return startRig(options, ({ url }, query) => openSocket(url, query, codec));
}

function openSocket(url: string, query: RecordedQuery, codec: FrameCodec): Promise<ReplayClient | number> {
  const target = new URL('/ws/sync/websocket', url.replace('http', 'ws'));
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) target.searchParams.set(name, name === 'token' ? TOKENS[value]! : value);
  }
  if (query.vsn === jsonCodec.vsn) target.searchParams.set('vsn', codec.vsn);
  const socket = new WebSocket(target);
  const frames = new FrameQueue();
  socket.on('message', (data: Buffer, isBinary) => {
    frames.push(codec.decode(isBinary ? data : data.toString()));
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      resolve({
        send: (frame) => {
          socket.send(codec.encode(frame));
        },
        next: () => frames.next(),
      });
    });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
}

/** Clients are sessions without sockets; pages of catch-ups wait until somebody asks for more frames. */
export function sessionRig(options: RigOptions = {}): Promise<RunningRig> {
  const pages: (() => void)[] = [];
  return startRig(options, async ({ options: serverOptions }, query) => {
    const parts = serverParts(serverOptions);
    const access = parts.tokens.find(TOKENS[query.token ?? '']!);
    if (access === undefined || query.device_id === null || query.capver !== '3' || query.vsn !== '2.0.0') {
      return 403;
    }
    const frames = new FrameQueue();
    const session = new ChannelSession({
      parts,
      access,
      deviceId: query.device_id,
      send: (frame) => {
        frames.push(JSON.parse(JSON.stringify(frame)));
      },
      end: () => undefined,
      turns: {
        betweenPages: (work) => {
          pages.push(work);
        },
        isCongested: () => false,
        forMessage: (work) => {
          work();
        },
      },
    });
    return {
      send: (frame) => {
        session.receive(frame);
      },
      next: async () => {
        await turnOfTheLoop();
        for (let frame = frames.take(); ; frame = frames.take()) {
          if (frame !== undefined) return frame;
          const page = pages.shift();
          if (page === undefined) throw new Error('no frame is left to come');
          page();
          await turnOfTheLoop();
        }
      },
    };
  });
}
