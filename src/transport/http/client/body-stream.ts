import { Readable } from 'node:stream';
import type { Exchange } from './exchange.js';
import { chunksOf } from './read-body.js';

/**
 * A body as a stream whose errors are the exchange's: a cut connection is `network`. The response timeout counts while a
 * chunk is waited for, not while the reader takes its time. `release` is called once, at the end or on destruction.
 */
export function streamBody(source: Readable, exchange: Exchange, release: () => void): Readable {
  const chunks = chunksOf(source)[Symbol.asyncIterator]();
  // Breaking while nobody reads is told by the next read.
  source.on('error', () => undefined);
  return new Readable({
    read() {
      exchange.awaitResponse();
      chunks.next().then(
        ({ done, value }) => {
          exchange.rest();
          this.push(done === true ? null : value);
        },
        (error: unknown) => {
          this.destroy(exchange.failure(error));
        },
      );
    },
    destroy(error, callback) {
      source.destroy();
      release();
      callback(error);
    },
  });
}
