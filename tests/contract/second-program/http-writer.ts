import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './program.js';
import { PACE } from './program.js';

/** Seconds that a server which names no time is left alone for after it answered 429. */
const RETRY_AFTER = 5;

const KEYS = 50;

interface Request {
  readonly method: 'PUT' | 'DELETE' | 'POST';
  readonly target: string;
  readonly body?: unknown;
}

/**
 * Writes to the store over plain HTTP, one request after the other until `stop`: entries, batches, deletes. Nobody on
 * the channel is told of any of it (PROTOCOL §3). Resolves to the number of requests the server acknowledged.
 *
 * @throws Error for any other answer than 200 and 429
 */
export async function writeOverHttp(program: Program, stop: AbortSignal): Promise<number> {
  let written = 0;
  while (!stop.aborted) {
    await acknowledged(program, requestNumber(written, `${program.root}/http`));
    written += 1;
    program.wrote('http');
    await sleep(PACE);
  }
  return written;
}

function requestNumber(number: number, root: string): Request {
  const key = (offset: number): string => `${root}/k${(number + offset) % KEYS}`;
  if (number % 3 === 0) return { method: 'PUT', target: `/${key(0)}`, body: { number, text: 'over HTTP' } };
  if (number % 3 === 1) return { method: 'DELETE', target: `/${key(0)}` };
  const sets = [1, 2, 3].map((offset) => ({ op: 'set', path: key(offset), value: number }));
  return { method: 'POST', target: '/batch_write', body: { ops: [...sets, { op: 'delete', path: key(4) }] } };
}

async function acknowledged({ url, store, token }: Program, request: Request): Promise<void> {
  const { method, target, body } = request;
  for (;;) {
    const response = await fetch(`${url}/api/stores/${store}/entries${target}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 200) return;
    if (response.status !== 429) {
      throw new Error(`${method} ${target} was answered ${response.status}: ${text}`);
    }
    await sleep(1000 * (Number(response.headers.get('retry-after')) || RETRY_AFTER));
  }
}
