import type { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { DustOperationMessage } from '../diagnostics/index.js';
import { OPERATION_CHANNEL } from '../diagnostics/index.js';
import { errorType, operationAttributes } from './attributes.js';

const STARTED = `tracing:${OPERATION_CHANNEL}:start`;
const ENDED = `tracing:${OPERATION_CHANNEL}:asyncEnd`;

/** How spans are made. */
export interface SpanOptions {
  readonly tracer: Tracer;
  /** Where the active context is kept, so that a span can be active while its operation runs. */
  readonly storage: AsyncLocalStorage<Context> | undefined;
  readonly recordExceptions: boolean;
}

type Start = (message: DustOperationMessage) => Context;

/** Makes a span of every operation. Returns what ends that. */
export function traceOperations({ tracer, storage, recordExceptions }: SpanOptions): () => void {
  const spans = new WeakMap<object, Span>();

  const start = (message: DustOperationMessage): Context => {
    const { operation, entity, dataSource, count } = message;
    const span = tracer.startSpan(entity === undefined ? operation : `${operation} ${entity}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        ...operationAttributes(message),
        ...(count !== undefined && count > 1 && { 'db.operation.batch.size': count }),
        'dust.data_source': dataSource,
      },
    });
    spans.set(message, span);
    return trace.setSpan(context.active(), span);
  };

  const end = (told: unknown): void => {
    const message = told as DustOperationMessage;
    const span = spans.get(message);
    if (span === undefined) return;
    const { error, result } = message;
    if (error !== undefined) {
      const type = errorType(error);
      span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message: type });
      if (recordExceptions && error instanceof Error) span.recordException(error);
    } else if (result?.records !== undefined) {
      span.setAttribute('db.response.returned_rows', result.records);
    }
    span.end();
  };

  const unbind = storage === undefined ? startBySubscribing(start) : startByBinding(storage, start);
  subscribe(ENDED, end);
  return () => {
    unbind();
    unsubscribe(ENDED, end);
  };
}

/** Those who start spans by one storage: a channel is bound to that once, for all of them. */
const bound = new WeakMap<AsyncLocalStorage<Context>, Set<Start>>();

/** The span is active while its operation runs; of several, that of the last one who began. */
function startByBinding(storage: AsyncLocalStorage<Context>, start: Start): () => void {
  const operations = tracingChannel<Context, DustOperationMessage>(OPERATION_CHANNEL);
  const starts = bound.get(storage) ?? new Set<Start>();
  bound.set(storage, starts);
  starts.add(start);
  if (starts.size === 1) {
    operations.start.bindStore(storage, (message) =>
      [...starts].reduce((_before, each) => each(message), context.active()),
    );
  }
  return () => {
    starts.delete(start);
    if (starts.size === 0) operations.start.unbindStore(storage);
  };
}

/** The span has the right parent, and no children. */
function startBySubscribing(start: Start): () => void {
  const onStart = (told: unknown): void => {
    start(told as DustOperationMessage);
  };
  subscribe(STARTED, onStart);
  return () => {
    unsubscribe(STARTED, onStart);
  };
}
