import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedResponse } from './recording.js';

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that knows nothing: it gives the answer it was last told to, whatever it is asked. */
export interface StandIn {
  readonly url: string;
  /** From now on, answers this. The requests so far are forgotten. */
  answerWith(response: RecordedResponse): void;
  /** The requests since. */
  readonly received: readonly ReceivedRequest[];
  close(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const received: ReceivedRequest[] = [];
  let answer: RecordedResponse = { status: 500, headers: {} };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, target: url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body === undefined ? answer.text : JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (response) => {
      answer = response;
      received.length = 0;
    },
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
