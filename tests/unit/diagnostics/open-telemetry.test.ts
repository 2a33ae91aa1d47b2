import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { DustEntity, EmbeddedTransport, Field, Slug, DataSource } from '../../../src/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { BindableContextManager, traceDust } from './trace-dust.js';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
}

let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
let tracer: Tracer;
let stop: () => void;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  const manager = new BindableContextManager();
  context.setGlobalContextManager(manager);
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  tracer = provider.getTracer('test');
  stop = traceDust(tracer, manager);
});

afterEach(async () => {
  stop();
  await provider.shutdown();
  context.disable();
});

function spanNamed(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().filter((span) => span.name === name);
  expect(found).toHaveLength(1);
  return found[0]!;
}

const parentOf = (name: string): string | undefined => spanNamed(name).parentSpanContext?.spanId;
const idOf = (name: string): string => spanNamed(name).spanContext().spanId;

describe('the OpenTelemetry recipe', () => {
  it('is the one of the page', () => {
    const read = (path: string): string => readFileSync(join(__dirname, path), 'utf8');
    expect(read('../../../docs/observability.md')).toContain(read('trace-dust.ts'));
  });

  it('describes an operation by the semantic conventions of databases', async () => {
    const dust = await createTestDataSource({ entities: [Link], store: 'acme/reading', name: 'reading' });
    await dust.getRepository(Link).insert([
      { slug: 'a', title: 'A' },
      { slug: 'b', title: 'B' },
    ]);
    expect(spanNamed('insert Link').attributes).toEqual({
      'db.system.name': 'dust',
      'db.namespace': 'acme/reading',
      'db.operation.name': 'insert',
      'db.collection.name': 'reading/links',
      'db.operation.batch.size': 2,
      'dust.data_source': 'reading',
      'dust.records': 2,
    });
    await dust.destroy();
  });

  it('nests: under the span that is active, and over those that the way to the store makes', async () => {
    class Requesting extends EmbeddedTransport {
      override localRecords(
        ...args: Parameters<EmbeddedTransport['localRecords']>
      ): ReturnType<EmbeddedTransport['localRecords']> {
        const request = tracer.startSpan('GET');
        const records = super.localRecords(...args);
        request.end();
        return records;
      }
    }
    const dust = await new DataSource({ entities: [Link], transport: () => new Requesting() }).initialize();
    const links = dust.getRepository(Link);
    await tracer.startActiveSpan('POST /links', async (span) => {
      await links.insert({ slug: 'a', title: 'A' });
      await links.find();
      await links.count().finally(() => {
        expect(trace.getActiveSpan()).toBe(span);
      });
      span.end();
    });
    expect(parentOf('POST /links')).toBeUndefined();
    for (const name of ['insert Link', 'find Link', 'count Link']) {
      expect(parentOf(name)).toBe(idOf('POST /links'));
    }
    const requests = exporter.getFinishedSpans().filter(({ name }) => name === 'GET');
    expect(requests.map((span) => span.parentSpanContext?.spanId)).toEqual([
      idOf('find Link'),
      idOf('count Link'),
    ]);
    await dust.destroy();
  });

  it('keeps operations that run at once apart', async () => {
    const dust = await createTestDataSource({ entities: [Link] });
    const links = dust.getRepository(Link);
    await Promise.all(
      ['first', 'second'].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await (name === 'first' ? links.find() : links.count());
          span.end();
        }),
      ),
    );
    expect([parentOf('find Link'), parentOf('count Link')]).toEqual([idOf('first'), idOf('second')]);
    await dust.destroy();
  });

  it('tells the kind of an error', async () => {
    const dust = await createTestDataSource({ entities: [Link] });
    dust.failNext('rate_limited');
    await expect(dust.getRepository(Link).find()).rejects.toMatchObject({ kind: 'rate_limited' });
    const { status, attributes, events } = spanNamed('find Link');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'rate_limited' });
    expect(attributes).toMatchObject({ 'error.type': 'rate_limited' });
    expect(attributes).not.toHaveProperty('dust.records');
    expect(events).toMatchObject([{ name: 'exception' }]);
    await dust.destroy();
  });

  it('makes no span any more once it has been ended', async () => {
    const dust = await createTestDataSource({ entities: [Link] });
    stop();
    await dust.getRepository(Link).find();
    expect(exporter.getFinishedSpans()).toEqual([]);
    await dust.destroy();
  });
});
