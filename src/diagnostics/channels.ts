import type { Channel } from 'node:diagnostics_channel';
import { channel, tracingChannel } from 'node:diagnostics_channel';
import type {
  DustConnectionMessage,
  DustOperationMessage,
  DustRepairMessage,
  DustResendMessage,
  DustRetryMessage,
} from './messages.js';

/**
 * The tracing channel of operations: `tracingChannel(OPERATION_CHANNEL)` of `node:diagnostics_channel` carries a
 * {@link DustOperationMessage}.
 */
export const OPERATION_CHANNEL = 'dust-orm:operation';
/** The channel of connection states: each message is a {@link DustConnectionMessage}. */
export const CONNECTION_CHANNEL = 'dust-orm:connection';
/** The channel of repairs of a mirror: each message is a {@link DustRepairMessage}. */
export const REPAIR_CHANNEL = 'dust-orm:repair';
/** The channel of writes whose acknowledgement did not come: each message is a {@link DustResendMessage}. */
export const RESEND_CHANNEL = 'dust-orm:resend';
/** The channel of requests over HTTP that are sent again: each message is a {@link DustRetryMessage}. */
export const RETRY_CHANNEL = 'dust-orm:retry';

/** What of a tracing channel operations are told by. Spelled out, because Node's own types differ between versions. */
interface OperationChannel {
  readonly hasSubscribers: boolean;
  tracePromise<Result>(run: () => Promise<Result>, message: DustOperationMessage): Promise<Result>;
}

/** Channels are the process's: whoever asks for the name gets the same one. */
export const operations: OperationChannel = tracingChannel<unknown, DustOperationMessage>(OPERATION_CHANNEL);

const connections = channel(CONNECTION_CHANNEL);
const repairs = channel(REPAIR_CHANNEL);
const resends = channel(RESEND_CHANNEL);
const retries = channel(RETRY_CHANNEL);

/** Tells of a change of a connection. Costs nothing while nobody listens. */
export function publishConnection(message: DustConnectionMessage): void {
  publish(connections, message);
}

/** Tells of a repair of the mirror. Costs nothing while nobody listens. */
export function publishRepair(message: DustRepairMessage): void {
  publish(repairs, message);
}

/** Tells of a write whose acknowledgement did not come. Costs nothing while nobody listens. */
export function publishResend(message: DustResendMessage): void {
  publish(resends, message);
}

/** Tells of a request that is sent again. Costs nothing while nobody listens. */
export function publishRetry(message: DustRetryMessage): void {
  publish(retries, message);
}

function publish(to: Channel, message: object): void {
  if (to.hasSubscribers) to.publish(message);
}
