import { EventEmitter, once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import type { SseResponse, WriteSseOptions } from '../../../src/realtime/index.js';
import { writeSse } from '../../../src/realtime/index.js';
import { ManualClock } from './support/manual-clock.js';
import { RecordingLogger } from './support/recording-logger.js';

/** A response whose socket takes data only while it is told to. */
class FakeResponse extends EventEmitter implements SseResponse {
  status: number | undefined;
  text = '';
  accepts = true;
  ended = false;
  ends = 0;
  destroyed = false;
  get headersSent(): boolean {
    return this.status !== undefined;
  }
  writeHead(status: number): void {
    this.status = status;
  }
  flushHeaders(): void {}
  write(chunk: string): boolean {
    if (this.ended || this.destroyed) throw new Error('write after end');
    this.text += chunk;
    return this.accepts;
  }
  end(): void {
    this.ends++;
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
    // As Node does: not before the present turn is over.
    setImmediate(() => this.emit('close'));
  }
  drain(): void {
    this.accepts = true;
    this.emit('drain');
  }
}

const options = <T>(more: WriteSseOptions<T> = {}) => ({
  clock: new ManualClock(),
  logger: new RecordingLogger(),
  ...more,
});

describe('writeSse', () => {
  it('opens the stream at once and writes what comes', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    writeSse(response, source, options());
    expect(response).toMatchObject({ status: 200, text: '' });
    source.next(1);
    expect(response.text).toBe('data: 1\n\n');
  });

  it('writes heartbeats by the clock', () => {
    const response = new FakeResponse();
    const clock = new ManualClock();
    writeSse(response, NEVER, { clock });
    clock.advance(30_000);
    expect(response.text).toBe('event: heartbeat\n\nevent: heartbeat\n\n');
  });

  it('ends the response with the source, and when unsubscribed', () => {
    const finished = new FakeResponse();
    writeSse(finished, of(1), options());
    expect(finished).toMatchObject({ text: 'data: 1\n\n', ended: true });

    const left = new FakeResponse();
    const source = new Subject<number>();
    writeSse(left, source, options()).unsubscribe();
    expect(left.ended).toBe(true);
    expect(source.observed).toBe(false);
  });

  it.each(['close', 'error'])('releases everything on the %s of the response', (event) => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    const clock = new ManualClock();
    const subscription = writeSse(response, source, { clock });
    response.emit(event);
    expect(source.observed).toBe(false);
    expect(subscription.closed).toBe(true);
    expect(clock.pending).toBe(0);
    expect(response.text).toBe('');
  });

  it('does not subscribe for a client that has left already', () => {
    const response = new FakeResponse();
    response.destroyed = true;
    const source = new Subject<number>();
    expect(writeSse(response, source, options()).closed).toBe(true);
    expect(source.observed).toBe(false);
    expect(response.status).toBeUndefined();
  });

  it('waits for a slow client, in order, without heartbeats', () => {
    const response = new FakeResponse();
    const clock = new ManualClock();
    const source = new Subject<number>();
    writeSse(response, source, { clock });
    response.accepts = false;
    for (const n of [1, 2, 3]) source.next(n);
    clock.advance(60_000);
    expect(response.text).toBe('data: 1\n\n');
    response.drain();
    expect(response.text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  });

  it('stops again when a client that has drained takes no more', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    writeSse(response, source, options());
    response.accepts = false;
    for (const n of [1, 2, 3]) source.next(n);
    response.emit('drain');
    expect(response.text).toBe('data: 1\n\ndata: 2\n\n');
    response.drain();
    expect(response.text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  });

  it('writes what waits before it ends', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    writeSse(response, source, options());
    response.accepts = false;
    source.next(1);
    source.next(2);
    source.complete();
    expect(response).toMatchObject({ text: 'data: 1\n\ndata: 2\n\n', ended: true });
    response.drain();
  });

  it('forgets what waits for a client that has left', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    writeSse(response, source, options());
    response.accepts = false;
    for (const n of [1, 2, 3]) source.next(n);
    response.emit('close');
    response.drain();
    expect(response.text).toBe('data: 1\n\n');
  });

  it('cuts off a client that falls further behind than allowed', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    writeSse(response, source, options({ maxPending: 2 }));
    response.accepts = false;
    for (const n of [1, 2, 3]) source.next(n);
    expect(response.destroyed).toBe(false);
    source.next(4);
    expect(response).toMatchObject({ destroyed: true, text: 'data: 1\n\n' });
    expect(source.observed).toBe(false);
  });

  it('cuts off a client that falls more bytes behind than allowed, counted as they are sent', () => {
    const response = new FakeResponse();
    const source = new Subject<string>();
    // "data: "…"\n\n" is ten bytes more than the text, and each ä takes two.
    writeSse(response, source, options({ maxPendingBytes: 30 }));
    response.accepts = false;
    for (const text of ['', 'ää', 'äää']) source.next(text);
    expect(response.destroyed).toBe(false);
    response.drain();
    response.accepts = false;
    for (const text of ['', 'ää', 'äää']) source.next(text);
    expect(response.destroyed).toBe(false);
    source.next('');
    expect(response.destroyed).toBe(true);
    expect(source.observed).toBe(false);
  });

  it('answers 500 when the source errors before anything was sent', () => {
    const response = new FakeResponse();
    const logger = new RecordingLogger();
    writeSse(
      response,
      throwError(() => new Error('not supported here')),
      { ...options(), logger },
    );
    expect(response).toMatchObject({ status: 500, text: '', ended: true });
    expect(logger.errors).toEqual([expect.stringContaining('not supported here')]);
  });

  it('ends the response when the source errors later, and reports it', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    const onError = jest.fn();
    writeSse(response, source, options({ onError }));
    source.next(1);
    const lost = new Error('lost');
    source.error(lost);
    expect(response).toMatchObject({ status: 200, text: 'data: 1\n\n', ended: true });
    expect(onError.mock.calls).toEqual([[lost]]);
  });

  it.each<[string, (source: Subject<number>, response: FakeResponse) => void]>([
    ['the end of the source', (source) => source.complete()],
    ['an error of the source', (source) => source.error(new Error('lost'))],
    ['the end of the response', (_source, response) => response.emit('close')],
  ])('is over with %s: nothing is subscribed to, and the response ends once at the most', (_what, end) => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    const clock = new ManualClock();
    const subscription = writeSse(response, source, { clock, onError: () => undefined });
    source.next(1);
    end(source, response);
    expect(subscription.closed).toBe(true);
    subscription.unsubscribe();
    response.emit('close');
    expect(response.ends).toBeLessThanOrEqual(1);
    expect([source.observed, clock.pending]).toEqual([false, 0]);
  });

  it.each([5, undefined, [1], { subscribe: () => undefined }])(
    'refuses %p, which is no Observable, before it answers',
    (source) => {
      const response = new FakeResponse();
      expect(() => writeSse(response, source as never, options())).toThrow(
        expect.objectContaining({
          kind: 'invalid_options',
          message: expect.stringContaining('writeSse() takes an Observable, not'),
        }),
      );
      expect([response.status, response.listenerCount('close'), response.ended]).toEqual([
        undefined,
        0,
        false,
      ]);
    },
  );

  it('refuses an option that it does not have', () => {
    expect(() => writeSse(new FakeResponse(), NEVER, { maxPendings: 1 } as object)).toThrow(
      expect.objectContaining({
        kind: 'invalid_options',
        message: expect.stringMatching(/writeSse.*maxPendings/),
      }),
    );
  });

  it('refuses heartbeats and times to wait that are none, in its own name', () => {
    for (const name of ['heartbeatMs', 'retryMs']) {
      expect(() => writeSse(new FakeResponse(), NEVER, { [name]: -1 })).toThrow(
        expect.objectContaining({
          kind: 'invalid_options',
          message: expect.stringMatching(new RegExp(`writeSse.*${name}`)),
        }),
      );
    }
  });

  it.each([
    ['1000 messages', 1000, 'x'],
    ['16 MiB', 16, 'x'.repeat(1024 * 1024 - 10)],
  ])('lets %s wait unless told otherwise', (_, most, text) => {
    const response = new FakeResponse();
    const source = new Subject<string>();
    writeSse(response, source, options());
    response.accepts = false;
    // The first is written at once.
    for (let n = 0; n <= most; n++) source.next(text);
    expect(response.destroyed).toBe(false);
    source.next(text);
    expect([response.destroyed, source.observed]).toEqual([true, false]);
  });

  it('sends its headers once, and none where those of somebody else are out', () => {
    const heads: unknown[][] = [];
    const answer = (isOut: boolean): FakeResponse => {
      const response = new FakeResponse();
      if (isOut) response.status = 206;
      jest.spyOn(response, 'writeHead').mockImplementation((...head: unknown[]) => {
        heads.push(head);
        response.status = 200;
      });
      const source = new Subject<number>();
      writeSse(response, source, options());
      for (const n of [1, 2]) source.next(n);
      expect(response.text).toBe('data: 1\n\ndata: 2\n\n');
      return response;
    };
    answer(false);
    expect(heads).toEqual([
      [
        200,
        {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache, no-transform',
          'x-accel-buffering': 'no',
        },
      ],
    ]);
    expect(answer(true).status).toBe(206);
    expect(heads).toHaveLength(1);
  });

  it('sends nothing more to a client that left or was cut off, whatever its response says', () => {
    const response = new FakeResponse();
    const source = new Subject<number>();
    writeSse(response, source, options({ maxPending: 1 }));
    response.accepts = false;
    for (const n of [1, 2, 3]) source.next(n);
    expect(response.destroyed).toBe(true);
    const flushed = jest.spyOn(response, 'write');
    response.drain();
    response.emit('close');
    expect([flushed.mock.calls, response.ends]).toEqual([[], 0]);
  });

  it('refuses a limit that is none', () => {
    expect(() => writeSse(new FakeResponse(), NEVER, { maxPendingBytes: 1.5 })).toThrow('"maxPendingBytes"');
    expect(() => writeSse(new FakeResponse(), NEVER, { maxPending: 0 })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining('"maxPending"') }),
    );
  });

  describe('over a socket', () => {
    let server: Server;
    afterEach(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });

    async function get(source: Observable<unknown>): Promise<IncomingMessage> {
      server = createServer((_, response) => {
        response.setHeader('access-control-allow-origin', '*');
        writeSse(response, source, { heartbeatMs: 0 });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const [response] = (await once(request({ port, host: '127.0.0.1' }).end(), 'response')) as [
        IncomingMessage,
      ];
      return response;
    }

    it('answers headers before the first event, then events', async () => {
      const source = new Subject<unknown>();
      const response = await get(source);
      expect(response.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'access-control-allow-origin': '*',
      });
      response.setEncoding('utf8');
      source.next({ storeSeq: 3, text: 'grüße\nzeile' });
      const [chunk] = (await once(response, 'data')) as [string];
      expect(chunk).toBe('id: 3\ndata: {"storeSeq":3,"text":"grüße\\nzeile"}\n\n');
    });

    it('lets go of the source when the client leaves', async () => {
      const left = new Promise<void>((resolve) => {
        void get(new Observable(() => resolve)).then((response) => response.destroy());
      });
      await left;
      expect(server.listening).toBe(true);
    });
  });
});
