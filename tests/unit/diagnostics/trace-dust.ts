import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { DustOperationMessage } from 'dust-orm';
import { isDustError, OPERATION_CHANNEL } from 'dust-orm';

/** OpenTelemetry's context manager, over a storage that a diagnostics channel can be bound to. */
export class BindableContextManager extends AsyncLocalStorageContextManager {
  readonly storage = new AsyncLocalStorage<Context>();

  override active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(active, () => work.apply(thisArg, args));
  }

  override disable(): this {
    this.storage.disable();
    return this;
  }
}

/** Makes a span of every operation, active while it runs. Returns what ends that. */
export function traceDust(tracer: Tracer, { storage }: BindableContextManager): () => void {
  const operations = tracingChannel<Context, DustOperationMessage>(OPERATION_CHANNEL);
  const spans = new WeakMap<object, Span>();

  operations.start.bindStore(storage, (message) => {
    const { operation, entity, prefix, store, dataSource, count } = message;
    const span = tracer.startSpan(entity === undefined ? operation : `${operation} ${entity}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'dust',
        'db.namespace': store,
        'db.operation.name': operation,
        ...(prefix !== undefined && { 'db.collection.name': prefix }),
        ...(count !== undefined && count > 1 && { 'db.operation.batch.size': count }),
        'dust.data_source': dataSource,
      },
    });
    spans.set(message, span);
    return trace.setSpan(context.active(), span);
  });

  const end = (told: unknown): void => {
    const message = told as DustOperationMessage;
    const span = spans.get(message);
    if (span === undefined) return;
    const { error, result } = message;
    if (error !== undefined) {
      const type = isDustError(error) ? error.kind : 'other';
      span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message: type });
      if (error instanceof Error) span.recordException(error);
    } else if (result?.records !== undefined) {
      span.setAttribute('dust.records', result.records);
    }
    span.end();
  };
  const ended = `tracing:${OPERATION_CHANNEL}:asyncEnd`;
  subscribe(ended, end);

  return () => {
    operations.start.unbindStore(storage);
    unsubscribe(ended, end);
  };
}
