import { EventEmitter } from 'node:events';
import { EMPTY, Observable, of, Subject } from 'rxjs';
import type { EntityEvent, EventBridgeOptions } from '../../../src/realtime/index.js';
import { EventBridge } from '../../../src/realtime/index.js';
import { RecordingLogger, settled } from './support/recording-logger.js';

class Note {
  slug = '';
  text = '';
}

const upserted = (slug: string, storeSeq = 1): EntityEvent<Note> => ({
  type: 'upserted',
  entity: Object.assign(new Note(), { slug, text: `about ${slug}` }),
  slug,
  storeSeq,
  own: false,
});

const deleted = (slug: string, storeSeq = 1): EntityEvent<Note> => ({
  type: 'deleted',
  slug,
  storeSeq,
  own: true,
});

function setUp(options: Partial<EventBridgeOptions<Note>> = {}) {
  let subscriptions = 0;
  let active = 0;
  let upstream = new Subject<EntityEvent<Note>>();
  const source = {
    events: () =>
      new Observable<EntityEvent<Note>>((subscriber) => {
        upstream = new Subject();
        subscriptions++;
        active++;
        subscriber.add(() => active--);
        subscriber.add(upstream.subscribe(subscriber));
      }),
  };
  const bus = new EventEmitter();
  const logger = new RecordingLogger();
  const bridge = new EventBridge<Note>({ source, bus, topic: 'notes', logger, ...options });
  const counts = () => ({ subscriptions, active });
  const heard: unknown[] = [];
  bus.on('notes', (payload) => heard.push(payload));
  return {
    bridge,
    bus,
    logger,
    heard,
    counts,
    emit: (e: EntityEvent<Note>) => upstream.next(e),
    upstream: () => upstream,
  };
}

describe('EventBridge', () => {
  it('hands every event to the topic, as it is', () => {
    const { bridge, emit, heard } = setUp();
    bridge.start();
    const events = [upserted('a'), deleted('a', 2)];
    events.forEach(emit);
    expect(heard).toEqual(events);
  });

  it('does nothing before it is started', () => {
    const { bridge, counts } = setUp();
    expect(counts()).toEqual({ subscriptions: 0, active: 0 });
    expect(bridge.state).toBe('stopped');
  });

  it('keeps one upstream subscription however many listeners and starts there are', () => {
    const { bridge, bus, emit, counts, heard } = setUp();
    const others = Array.from({ length: 5 }, () => jest.fn());
    for (const listener of others) bus.on('notes', listener);
    bridge.start();
    bridge.start();
    bridge.start();
    expect(counts()).toEqual({ subscriptions: 1, active: 1 });
    emit(upserted('a'));
    expect(heard).toHaveLength(1);
    for (const listener of others) expect(listener).toHaveBeenCalledTimes(1);
  });

  it('lets go of the source when stopped, and can be started again', () => {
    const { bridge, emit, counts, heard } = setUp();
    bridge.start();
    bridge.stop();
    bridge.stop();
    emit(upserted('unheard'));
    expect(counts()).toEqual({ subscriptions: 1, active: 0 });
    expect(bridge.state).toBe('stopped');
    bridge.start();
    emit(upserted('b'));
    expect(counts()).toEqual({ subscriptions: 2, active: 1 });
    expect(heard).toEqual([expect.objectContaining({ slug: 'b' })]);
  });

  it('can be stopped by a listener, even while the source is being subscribed to', () => {
    const bus = new EventEmitter();
    const heard: unknown[] = [];
    const source = { events: () => of(upserted('a'), upserted('b')) };
    const bridge = new EventBridge<Note>({ source, bus, topic: 'notes' });
    bus.on('notes', (event) => {
      heard.push(event);
      bridge.stop();
    });
    bridge.start();
    expect(heard).toHaveLength(1);
    expect(bridge.state).toBe('stopped');
  });

  it('finds topic and payload by function', () => {
    const { bridge, bus, emit } = setUp({
      topic: ({ type }) => `notes.${type}`,
      map: ({ slug }) => ({ slug }),
    });
    const gone = jest.fn();
    bus.on('notes.deleted', gone);
    bridge.start();
    emit(upserted('a'));
    emit(deleted('b'));
    expect(gone.mock.calls).toEqual([[{ slug: 'b' }]]);
  });

  it('publishes on a bus with publish, also when the bus emits its own events', () => {
    const published: unknown[][] = [];
    const bus = {
      prefix: 'x:',
      publish(topic: string, payload: unknown) {
        published.push([this.prefix + topic, payload]);
      },
      emit: () => {
        throw new Error('not for us');
      },
    };
    const { bridge, emit } = setUp({ bus });
    bridge.start();
    emit(deleted('a'));
    expect(published).toEqual([['x:notes', deleted('a')]]);
  });

  it.each([
    [
      'a bus that throws',
      {
        bus: {
          emit: () => {
            throw new Error('boom');
          },
        },
      },
    ],
    ['a bus that rejects', { bus: { publish: () => Promise.reject(new Error('boom')) } }],
    [
      'a topic that throws',
      {
        topic: () => {
          throw new Error('boom');
        },
      },
    ],
    [
      'a map that throws',
      {
        map: () => {
          throw new Error('boom');
        },
      },
    ],
  ])('logs %s and goes on', async (_, options) => {
    const { bridge, emit, logger, counts } = setUp(options);
    bridge.start();
    emit(upserted('a'));
    emit(upserted('b'));
    await settled();
    expect(logger.errors).toEqual([
      expect.stringMatching(/upserted event of "a".*boom/),
      expect.stringMatching(/upserted event of "b".*boom/),
    ]);
    expect(bridge.state).toBe('running');
    expect(counts().active).toBe(1);
  });

  it('shows and reports an error of the source, and subscribes again when started', () => {
    const onError = jest.fn();
    const { bridge, upstream, emit, counts, heard } = setUp({ onError });
    bridge.start();
    const lost = new Error('lost');
    upstream().error(lost);
    expect(bridge.state).toBe('failed');
    expect(bridge.error).toBe(lost);
    expect(onError.mock.calls).toEqual([[lost]]);
    bridge.start();
    expect(bridge.state).toBe('running');
    expect(bridge.error).toBeUndefined();
    emit(upserted('a'));
    expect(heard).toHaveLength(1);
    expect(counts()).toEqual({ subscriptions: 2, active: 1 });
  });

  it('logs an error of the source when nobody asked to hear of it', () => {
    const { bridge, upstream, logger } = setUp();
    bridge.start();
    upstream().error(new Error('lost'));
    expect(logger.errors).toEqual([expect.stringContaining('lost')]);
  });

  it('logs an onError that throws', () => {
    const { bridge, upstream, logger } = setUp({
      onError: () => {
        throw new Error('worse');
      },
    });
    bridge.start();
    upstream().error(new Error('lost'));
    expect(logger.errors).toEqual([expect.stringContaining('worse')]);
  });

  it('fails when the source cannot be subscribed to', () => {
    const { bridge, logger } = setUp({
      source: {
        events: () => {
          throw new Error('not initialised');
        },
      },
    });
    bridge.start();
    expect(bridge.state).toBe('failed');
    expect(logger.errors).toEqual([expect.stringContaining('not initialised')]);
  });

  it('is stopped by the end of the source', () => {
    const { bridge, upstream, counts } = setUp();
    bridge.start();
    upstream().complete();
    expect(bridge.state).toBe('stopped');
    expect(counts().active).toBe(0);
  });

  it.each([
    ['no options', undefined, 'a source with events()'],
    ['no source', { bus: new EventEmitter(), topic: 't' }, 'a source with events()'],
    [
      'a source without events',
      { source: {}, bus: new EventEmitter(), topic: 't' },
      'a source with events()',
    ],
    [
      'a bus that takes nothing',
      { source: { events: () => EMPTY }, bus: {}, topic: 't' },
      'a bus with publish() or emit()',
    ],
    ['no topic', { source: { events: () => EMPTY }, bus: { emit: () => true } }, 'a topic, as a string'],
  ])('refuses %s', (_what, options, expected) => {
    expect(() => new EventBridge(options as never)).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(expected) }),
    );
  });
});
