import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import type { LinkChange } from '../../src/link-events.js';

/** The events of a response, as a browser would hear of them, and the rest of it. */
export interface EventStream {
  readonly response: IncomingMessage;
  /** The next message as text, without the blank line behind it; undefined when the server has ended the stream. */
  next(): Promise<string | undefined>;
  /** The next change, heartbeats passed over; undefined when the server has ended the stream. */
  nextChange(): Promise<LinkChange | undefined>;
  /** Leaves, as a browser does whose page is closed. */
  leave(): void;
}

/** Connects as an EventSource does; resolves when the headers are there. */
export async function openStream(url: string): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, headers: { accept: 'text/event-stream' } }, resolve).on('error', reject);
  });
  const messages = messagesOf(response.setEncoding('utf8'));
  const next = async (): Promise<string | undefined> => (await messages.next()).value ?? undefined;
  const nextChange = async (): Promise<LinkChange | undefined> => {
    const message = await next();
    if (message === undefined) return undefined;
    const data = /^data: (.*)$/m.exec(message)?.[1];
    return data === undefined ? nextChange() : (JSON.parse(data) as LinkChange);
  };
  return { response, next, nextChange, leave: () => response.destroy() };
}

async function* messagesOf(stream: AsyncIterable<string>): AsyncGenerator<string, void> {
  let received = '';
  for await (const chunk of stream) {
    const parts = (received + chunk).split('\n\n');
    received = parts.pop() ?? '';
    yield* parts;
  }
}
