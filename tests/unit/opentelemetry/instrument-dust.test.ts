import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { Context, ContextManager } from '@opentelemetry/api';
import { context, metrics, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {
  CONNECTION_CHANNEL,
  DataSource,
  OPERATION_CHANNEL,
  REPAIR_CHANNEL,
  RESEND_CHANNEL,
  RETRY_CHANNEL,
  silentLogger,
} from '../../../src/index.js';
import { DustError } from '../../../src/errors.js';
import { serve } from '../../../src/server/index.js';
import type { InstrumentDustOptions } from '../../../src/opentelemetry/index.js';
import { instrumentDust } from '../../../src/opentelemetry/index.js';
import type { TestDataSource } from '../../../src/testing/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { Link, link } from '../repository/support.js';

const spans = new InMemorySpanExporter();
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const tracer = tracers.getTracer('tests');

let measured: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;
let meters: MeterProvider;
let dust: TestDataSource;
let stop = (): void => undefined;

beforeEach(async () => {
  measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 2 ** 31 - 1 });
  meters = new MeterProvider({ readers: [reader] });
  dust = await createTestDataSource({ entities: [Link], store: 'acme/reading' });
});

afterEach(async () => {
  stop();
  context.disable();
  await dust.destroy();
  await meters.shutdown();
  spans.reset();
});

const instrument = (options: InstrumentDustOptions = {}): void => {
  stop = instrumentDust({ tracer, meter: meters.getMeter('tests'), ...options });
};

/** The last value of each series, by name and the values of its attributes. */
async function series(): Promise<Record<string, unknown>> {
  await reader.forceFlush();
  const last = measured.getMetrics().at(-1);
  const all = last?.scopeMetrics.flatMap(({ metrics: each }) => each) ?? [];
  return Object.fromEntries(
    all.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [
        [descriptor.name, ...Object.values(attributes).filter((each) => each !== 'dust')].join(' '),
        typeof value === 'object' ? (value as { count: number }).count : value,
      ]),
    ),
  );
}

const parentOf = (span: ReadableSpan | undefined): string | undefined =>
  spans.getFinishedSpans().find((each) => each.spanContext().spanId === span?.parentSpanContext?.spanId)
    ?.name;

const spanCalled = (name: string): ReadableSpan | undefined =>
  spans.getFinishedSpans().find((span) => span.name === name);

describe('spans', () => {
  it('are named and described by the conventions for databases', async () => {
    instrument();
    const links = dust.getRepository(Link);
    await links.insertMany([link('a'), link('b')]);
    await links.find();
    await dust.manager.batch((batch) => void batch.delete(Link, 'a'));
    const [inserted, found, batch] = spans.getFinishedSpans();
    expect(inserted).toMatchObject({ name: 'insertMany Link', kind: SpanKind.CLIENT });
    expect(found!.attributes).toEqual({
      'db.system.name': 'dust',
      'db.namespace': 'acme/reading',
      'db.operation.name': 'find',
      'db.collection.name': expect.any(String),
      'dust.data_source': 'default',
      'db.response.returned_rows': 2,
    });
    expect(batch!.name).toBe('batch');
  });

  it('tell what failed by its kind, with the error unless that is not wanted', async () => {
    instrument();
    dust.failNext('network');
    await dust
      .getRepository(Link)
      .find()
      .catch(() => undefined);
    expect(spanCalled('find Link')).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'network' },
      attributes: { 'error.type': 'network' },
      events: [{ name: 'exception' }],
    });
    stop();
    spans.reset();
    instrument({ recordExceptions: false });
    dust.failNext('network');
    await dust
      .getRepository(Link)
      .find()
      .catch(() => undefined);
    expect(spanCalled('find Link')!.events).toEqual([]);
  });

  const act = (): Promise<void> =>
    tracer.startActiveSpan('request', async (request) => {
      await dust.getRepository(Link).find();
      diagnostics.tracingChannel(OPERATION_CHANNEL).traceSync(
        () => {
          tracer.startSpan('below').end();
        },
        { operation: 'save', entity: 'Link', store: 'acme/reading', dataSource: 'default' },
      );
      request.end();
    });

  it('are children of the active span, and active themselves, with the manager that the SDK registers', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    instrument();
    await act();
    expect(parentOf(spanCalled('find Link'))).toBe('request');
    // The operation that is only traced here has a span that never ends.
    const below = spanCalled('below')!;
    expect(below.parentSpanContext).toBeDefined();
    expect(below.parentSpanContext!.spanId).not.toBe(spanCalled('request')!.spanContext().spanId);
  });

  it('of operations that run at once are kept apart', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    instrument();
    const links = dust.getRepository(Link);
    await Promise.all(
      ['first', 'second'].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await (name === 'first' ? links.find() : links.count());
          span.end();
        }),
      ),
    );
    expect(parentOf(spanCalled('find Link'))).toBe('first');
    expect(parentOf(spanCalled('count Link'))).toBe('second');
  });

  it.each([
    ['the SDK registers', () => new AsyncLocalStorageContextManager()],
    ['none is', () => undefined],
  ])('are made by each of two that run at once, with the manager that %s', async (_name, managerOf) => {
    const manager = managerOf();
    if (manager !== undefined) context.setGlobalContextManager(manager);
    const names = (): string[] => spans.getFinishedSpans().map(({ instrumentationScope: { name } }) => name);
    const find = async (): Promise<string[]> => {
      spans.reset();
      await dust.getRepository(Link).find();
      return names().sort();
    };
    const [stopFirst, stopSecond, stopThird] = ['first', 'second', 'third'].map((name) =>
      instrumentDust({ tracer: tracers.getTracer(name), meter: false }),
    ) as [() => void, () => void, () => void];
    expect(await find()).toEqual(['first', 'second', 'third']);
    stopThird();
    expect(await find()).toEqual(['first', 'second']);
    stopFirst();
    stopFirst();
    expect(await find()).toEqual(['second']);
    stopSecond();
    expect(await find()).toEqual([]);
    instrument();
    expect(await find()).toEqual(['tests']);
  });

  it('are no longer made once that has been ended', async () => {
    instrument();
    stop();
    await dust.getRepository(Link).find();
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it('have the right parents with another manager', async () => {
    const storage = new AsyncLocalStorage<Context>();
    const opaque: ContextManager = {
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, work, thisArg, ...args) => storage.run(active, () => work.apply(thisArg as never, args)),
      bind: (_context, target) => target,
      enable: () => opaque,
      disable: () => opaque,
    };
    context.setGlobalContextManager(opaque);
    instrument();
    await act();
    expect(parentOf(spanCalled('find Link'))).toBe('request');
    expect(parentOf(spanCalled('below'))).toBe('request');
  });
});

describe('metrics', () => {
  it('time operations by what they are, and count their records', async () => {
    instrument();
    const links = dust.getRepository(Link);
    await links.insertMany([link('a'), link('b')]);
    await links.find();
    await links.find();
    dust.failNext('network');
    await links.find().catch(() => undefined);
    const prefix = String(spanCalled('find Link')!.attributes['db.collection.name']);
    const told = await series();
    const duration = 'db.client.operation.duration acme/reading';
    expect(told).toMatchObject({
      [`${duration} insertMany ${prefix}`]: 1,
      [`${duration} find ${prefix}`]: 2,
      [`${duration} find ${prefix} network`]: 1,
      [`db.client.response.returned_rows acme/reading find ${prefix}`]: 2,
    });
  });

  it('follow the connection to a server', async () => {
    instrument();
    const server = await serve({ port: 0, stores: ['acme/served'], logger: silentLogger });
    const remote = new DataSource({
      url: server.url,
      token: server.token,
      store: 'acme/served',
      entities: [Link],
      logger: silentLogger,
    });
    try {
      await remote.initialize();
      const where = `acme/served 127.0.0.1 ${new URL(server.url).port}`;
      expect(await series()).toMatchObject({
        [`dust.client.connection.live ${where}`]: 1,
        [`dust.client.connection.changes ${where} live`]: 1,
      });
      await remote.destroy();
      expect(await series()).toMatchObject({
        [`dust.client.connection.live ${where}`]: 0,
        [`dust.client.connection.changes ${where} closed`]: 1,
      });
    } finally {
      await remote.destroy();
      await server.close();
    }
  });

  it('keep connections to one store of two servers apart, and are 0 while one of several is not whole', async () => {
    instrument();
    const tell = (connection: string, state: string, origin?: string): void => {
      const message = { store: 'a/b', connection, origin, state, previous: 'joining', storeSeq: 1 };
      diagnostics.channel(CONNECTION_CHANNEL).publish(message);
    };
    const live = async (server: string) => (await series())[`dust.client.connection.live a/b${server}`];
    const [first, second] = ['https://first.example', 'http://second.example:7755'];
    tell('1', 'live', first);
    tell('2', 'live', second);
    tell('3', 'repairing', second);
    expect([await live(' first.example 443'), await live(' second.example 7755')]).toEqual([1, 1]);
    tell('2', 'reconnecting', second);
    expect([await live(' first.example 443'), await live(' second.example 7755')]).toEqual([1, 0]);
    tell('2', 'closed', second);
    expect([await live(' first.example 443'), await live(' second.example 7755')]).toEqual([1, 1]);
    tell('3', 'closed', second);
    tell('1', 'closed', first);
    expect([await live(' first.example 443'), await live(' second.example 7755')]).toEqual([0, 0]);
    // One whose server is in no place of its own, such as a folder that is shared.
    tell('4', 'live');
    expect(await live('')).toBe(1);
  });

  it('count repairs, writes that are sent again and requests that are', async () => {
    instrument();
    const tell = (channel: string, message: object): void => {
      diagnostics.channel(channel).publish(message);
    };
    const lost = { store: 'a/b', connection: '1', state: 'reconnecting', previous: 'live', storeSeq: 1 };
    tell(CONNECTION_CHANNEL, { ...lost, origin: 'https://dust.example:8443' });
    tell(REPAIR_CHANNEL, { store: 'a/b', storeSeq: 1, kind: 'gap_found', highestKnown: 3 });
    tell(REPAIR_CHANNEL, { store: 'a/b', storeSeq: 1, kind: 'gap_found', highestKnown: 4 });
    tell(RESEND_CHANNEL, { store: 'a/b', outcome: 'unknown', reason: 'channel_gone' });
    tell(RETRY_CHANNEL, {
      origin: 'https://dust.example:8443',
      method: 'GET',
      error: new DustError('timeout', 'secret'),
    });
    expect(await series()).toEqual({
      'dust.client.connection.live a/b dust.example 8443': 0,
      'dust.client.connection.changes a/b dust.example 8443 reconnecting': 1,
      'dust.client.repairs a/b gap_found': 2,
      'dust.client.resends a/b unknown channel_gone': 1,
      'dust.client.retries dust.example GET timeout': 1,
    });
  });
});

it('leaves nothing behind when it ends', async () => {
  const channels = [
    ...['start', 'asyncEnd'].map((part) => `tracing:${OPERATION_CHANNEL}:${part}`),
    ...[CONNECTION_CHANNEL, REPAIR_CHANNEL, RESEND_CHANNEL, RETRY_CHANNEL],
  ];
  const heard = () => channels.map((name) => diagnostics.hasSubscribers(name));
  instrument();
  expect(heard()).toEqual(channels.map(() => true));
  stop();
  stop();
  expect(heard()).toEqual(channels.map(() => false));
  await dust.getRepository(Link).find();
  expect(spans.getFinishedSpans()).toEqual([]);
  expect(await series()).toEqual({});
});

it('makes only what is wanted, of the registered providers where nothing else is said', async () => {
  instrument({ tracer: false });
  await dust.getRepository(Link).find();
  expect(spans.getFinishedSpans()).toEqual([]);
  stop();
  instrument({ meter: false });
  await dust.getRepository(Link).find();
  expect(spans.getFinishedSpans()).toHaveLength(1);
  stop();
  spans.reset();
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  try {
    stop = instrumentDust();
    await dust.getRepository(Link).find();
    expect(spans.getFinishedSpans()).toHaveLength(1);
    expect(Object.keys(await series()).join()).toContain('db.client.operation.duration');
  } finally {
    trace.disable();
    metrics.disable();
  }
});

it.each([
  [{ tracer: {} }, 'tracer must be false or an object with startSpan'],
  [{ meter: true }, 'meter must be false or an object with createHistogram'],
  [{ contextManager: {} }, 'contextManager must be'],
  [{ recordExceptions: 1 }, 'recordExceptions must be true or false'],
])('refuses %j', (options, message) => {
  expect(() => instrumentDust(options as never)).toThrow(message);
});
