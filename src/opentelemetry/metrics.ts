import type { Meter } from '@opentelemetry/api';
import type {
  DustOperationMessage,
  DustRepairMessage,
  DustResendMessage,
  DustRetryMessage,
} from '../diagnostics/index.js';
import { OPERATION_CHANNEL, REPAIR_CHANNEL, RESEND_CHANNEL, RETRY_CHANNEL } from '../diagnostics/index.js';
import { errorType, operationAttributes } from './attributes.js';
import { measureConnections } from './connection-metrics.js';
import { listen } from './listen.js';

/** Seconds, as the conventions advise. */
const DURATIONS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

const RECORDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Counts what the channels tell. Returns what ends that. */
export function measure(meter: Meter): () => void {
  const endings = [
    measureOperations(meter),
    measureConnections(meter),
    count<DustRepairMessage>(meter, REPAIR_CHANNEL, {
      name: 'dust.client.repairs',
      description: 'What was done, or is to be, so that a mirror is whole.',
      attributes: ({ store, kind }) => ({ 'db.namespace': store, 'dust.repair.kind': kind }),
    }),
    count<DustResendMessage>(meter, RESEND_CHANNEL, {
      name: 'dust.client.resends',
      description: 'Writes over the channel whose acknowledgement did not come, by what became of them.',
      attributes: ({ store, outcome, reason }) => ({
        'db.namespace': store,
        'dust.resend.outcome': outcome,
        'dust.resend.reason': reason,
      }),
    }),
    count<DustRetryMessage>(meter, RETRY_CHANNEL, {
      name: 'dust.client.retries',
      description: 'Requests over HTTP that failed and are sent again.',
      attributes: ({ origin, method, error }) => ({
        'server.address': new URL(origin).hostname,
        'http.request.method': method,
        'error.type': errorType(error),
      }),
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function measureOperations(meter: Meter): () => void {
  const durations = meter.createHistogram('db.client.operation.duration', {
    unit: 's',
    description: 'How long operations of repositories and managers took.',
    advice: { explicitBucketBoundaries: DURATIONS },
  });
  const records = meter.createHistogram('db.client.response.returned_rows', {
    unit: '{row}',
    description: 'Records that operations answered, wrote or counted.',
    advice: { explicitBucketBoundaries: RECORDS },
  });
  const started = new WeakMap<object, number>();
  const endStarts = listen(`tracing:${OPERATION_CHANNEL}:start`, (message: DustOperationMessage) => {
    started.set(message, performance.now());
  });
  const endEnds = listen(`tracing:${OPERATION_CHANNEL}:asyncEnd`, (message: DustOperationMessage) => {
    const at = started.get(message);
    if (at === undefined) return;
    const { error, result } = message;
    const attributes = operationAttributes(message);
    const failed = error === undefined ? {} : { 'error.type': errorType(error) };
    durations.record((performance.now() - at) / 1000, { ...attributes, ...failed });
    if (error === undefined && result?.records !== undefined) records.record(result.records, attributes);
  });
  return () => {
    endStarts();
    endEnds();
  };
}

interface Counted<Message> {
  readonly name: string;
  readonly description: string;
  readonly attributes: (message: Message) => Record<string, string>;
}

function count<Message>(
  meter: Meter,
  channel: string,
  { name, description, attributes }: Counted<Message>,
): () => void {
  const counter = meter.createCounter(name, { description });
  return listen(channel, (message: Message) => {
    counter.add(1, attributes(message));
  });
}
