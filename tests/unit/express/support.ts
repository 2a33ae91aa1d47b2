import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';

const servers: Server[] = [];

/** Serves on a free port until {@link closeServers}. */
export async function listen(
  handler: RequestListener,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    if (!server.listening) continue;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

/** A stream of server-sent events, as a client reads it. */
export interface EventStream {
  readonly response: IncomingMessage;
  /** The next message as it came, without its last line break; undefined at the end. */
  next(): Promise<string | undefined>;
  leave(): void;
}

export async function openStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, headers }, resolve).on('error', reject);
  });
  const messages = messagesOf(response.setEncoding('utf8'));
  return {
    response,
    next: async () => (await messages.next()).value ?? undefined,
    leave: () => response.destroy(),
  };
}

export const idOf = (message: string | undefined): string | undefined =>
  /^id: (.*)$/m.exec(message ?? '')?.[1];

export const dataOf = (message: string | undefined): unknown =>
  JSON.parse(/^data: (.*)$/m.exec(message ?? '')?.[1] ?? 'null');

async function* messagesOf(stream: AsyncIterable<string>): AsyncGenerator<string, void> {
  let received = '';
  for await (const chunk of stream) {
    const parts = (received + chunk).split('\n\n');
    received = parts.pop() ?? '';
    yield* parts;
  }
}
