import { NEVER, of, Subject, throwError } from 'rxjs';
import type { SseMessage } from '../../../src/realtime/index.js';
import { sseStream } from '../../../src/realtime/index.js';
import { encodeSse } from '../../../src/realtime/sse.js';
import { ManualClock } from './support/manual-clock.js';

function collect<T>(...args: Parameters<typeof sseStream<T>>) {
  const messages: SseMessage[] = [];
  const subscription = sseStream<T>(...args).subscribe((message) => messages.push(message));
  return { messages, subscription };
}

describe('sseStream', () => {
  it('makes a message of each value, with the seq of an event as its id', () => {
    const { messages } = collect<object>(of({ type: 'deleted', slug: 'a', storeSeq: 7, own: true }, [1, 2]));
    expect(messages).toEqual([
      { id: '7', data: '{"type":"deleted","slug":"a","storeSeq":7,"own":true}' },
      { data: '[1,2]' },
    ]);
  });

  it('writes dates in ISO 8601, bigints as strings, bytes in base64 and sets as arrays, at any depth', () => {
    class Album {
      at = new Date(0);
      size = 2n ** 70n;
      cover = Uint8Array.of(1, 2, 255);
      thumb = Buffer.from('hi');
      nested = { tags: new Set(['a', 'b']), none: null, left: undefined };
    }
    const [message] = collect<unknown>(of(new Album())).messages;
    expect(JSON.parse(message?.data ?? '')).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      size: '1180591620717411303424',
      cover: 'AQL/',
      thumb: 'aGk=',
      nested: { tags: ['a', 'b'], none: null },
    });
  });

  it('writes what is not there as null', () => {
    expect(collect<unknown>(of(undefined, null)).messages).toEqual([{ data: 'null' }, { data: 'null' }]);
  });

  it('takes name, id, retry and serialisation from its options', () => {
    const { messages } = collect<number>(of(1, 2), {
      eventName: (n) => (n === 1 ? 'first' : undefined),
      id: (n) => `n${n}`,
      retryMs: 5000,
      serialize: (n) => `<${n}>`,
    });
    expect(messages).toEqual([
      { type: 'first', id: 'n1', retry: 5000, data: '<1>' },
      { id: 'n2', data: '<2>' },
    ]);
    expect(collect(of('x'), { eventName: 'note' }).messages).toEqual([{ type: 'note', data: '"x"' }]);
  });

  it('sends heartbeats at the interval, until nobody listens', () => {
    const clock = new ManualClock();
    const { messages, subscription } = collect(NEVER, { heartbeatMs: 1000, clock });
    clock.advance(999);
    expect(messages).toEqual([]);
    clock.advance(2001);
    expect(messages).toEqual(Array.from({ length: 3 }, () => ({ type: 'heartbeat', data: '' })));
    subscription.unsubscribe();
    expect(clock.pending).toBe(0);
  });

  it('sends none when told so', () => {
    const clock = new ManualClock();
    collect(NEVER, { heartbeatMs: 0, clock });
    expect(clock.pending).toBe(0);
  });

  it('ends with the source and leaves no timer behind', () => {
    const clock = new ManualClock();
    const source = new Subject<number>();
    const complete = jest.fn();
    sseStream(source, { clock }).subscribe({ complete });
    source.complete();
    expect(complete).toHaveBeenCalledTimes(1);
    expect(clock.pending).toBe(0);
    collect(of(1), { clock });
    expect(clock.pending).toBe(0);
  });

  it('passes errors on, of the source and of serialize', () => {
    const clock = new ManualClock();
    const error = jest.fn();
    sseStream(
      throwError(() => new Error('lost')),
      { clock },
    ).subscribe({ error });
    const serialize = (): string => {
      throw new Error('unwritable');
    };
    sseStream(of(1), { clock, serialize }).subscribe({ error });
    expect(error.mock.calls).toEqual([[new Error('lost')], [new Error('unwritable')]]);
    expect(clock.pending).toBe(0);
  });
});

describe('what sseStream refuses, at once', () => {
  it.each([5, undefined, [1], { subscribe: () => undefined }])('%p, which is no Observable', (source) => {
    expect(() => sseStream(source as never)).toThrow(
      expect.objectContaining({
        kind: 'invalid_options',
        message: expect.stringContaining('sseStream() takes an Observable, not'),
      }),
    );
  });

  it.each([{ heartbeatMs: -1 }, { retryMs: NaN }, { heartbeat: 5 }])('the options %p', (options) => {
    const [name = ''] = Object.keys(options);
    expect(() => sseStream(NEVER, options as object)).toThrow(
      expect.objectContaining({
        kind: 'invalid_options',
        message: expect.stringMatching(new RegExp(`sseStream.*${name}`)),
      }),
    );
  });
});

describe('an id', () => {
  it.each<[string, unknown, string | undefined]>([
    ['the seq of an event', { storeSeq: 0 }, '0'],
    ['none of a seq that is no number', { storeSeq: '7' }, undefined],
    ['none of what has no seq', { seq: 7 }, undefined],
    ['none of a text', 'storeSeq', undefined],
    ['none of nothing', null, undefined],
  ])('is %s', (_, value, id) => {
    expect(collect<unknown>(of(value)).messages[0]?.id).toBe(id);
  });

  it('may be left out by its function, and may be empty', () => {
    const { messages } = collect<number>(of(1, 2), { id: (n) => (n === 1 ? undefined : '') });
    expect(messages).toEqual([{ data: '1' }, { id: '', data: '2' }]);
  });
});

it('heartbeats go on at their pace whatever is sent between them, each 15 seconds unless told otherwise', () => {
  const clock = new ManualClock();
  const source = new Subject<number>();
  const { messages } = collect(source, { clock });
  clock.advance(14_999);
  source.next(1);
  expect(messages.map(({ type }) => type)).toEqual([undefined]);
  clock.advance(1);
  expect(messages.map(({ type }) => type)).toEqual([undefined, 'heartbeat']);
  clock.advance(15_000);
  expect(messages).toHaveLength(3);
});

describe('encodeSse', () => {
  it('writes the fields that are there', () => {
    expect(encodeSse({ type: 'note', id: '7', retry: 10.5, data: 'x' })).toBe(
      'event: note\nid: 7\nretry: 10\ndata: x\n\n',
    );
  });

  it('writes each line of the data as a line of its own', () => {
    expect(encodeSse({ data: 'a\nb\r\nc\rd' })).toBe('data: a\ndata: b\ndata: c\ndata: d\n\n');
  });

  it('lets no id and no name end its field', () => {
    expect(encodeSse({ type: 'a\ndata: forged', id: '1\r\n2\0', data: 'x' })).toBe(
      'event: a data: forged\nid: 1  2 \ndata: x\n\n',
    );
  });

  it('writes a heartbeat as a message without data, which clients ignore', () => {
    expect(encodeSse({ type: 'heartbeat', data: '' })).toBe('event: heartbeat\n\n');
  });
});
