import { DustError, messageOf } from '../../../errors.js';

/** The package that speaks to NATS is not installed. */
export function driverMissing(cause: unknown): DustError {
  return new DustError(
    'invalid_options',
    'A cluster over NATS needs the package `@nats-io/transport-node`, which cannot be loaded. Install it: npm install @nats-io/transport-node',
    { detail: 'driver_missing', cause },
  );
}

/** An address that names no server of NATS. */
export function badAddress(): DustError {
  return new DustError(
    'invalid_options',
    'The address of a cluster over NATS is nats://user:password@host:port or tls://…, with further hosts behind commas.',
    { detail: 'invalid_url' },
  );
}

/** No server took the connection. */
export function noServer(tried: number, cause: unknown): DustError {
  return new DustError('network', `None of ${tried} NATS servers takes a connection: ${messageOf(cause)}`, {
    detail: 'no_server',
    cause,
  });
}

/** A request was not answered. */
export function requestFailed(cause: unknown): DustError {
  return new DustError('network', `NATS did not answer a request: ${messageOf(cause)}`, { cause });
}

/** JetStream answered that it did not do what it was asked for. */
export function requestRefused(asked: string, description: string): DustError {
  return new DustError('network', `JetStream did not carry out ${asked}: ${description}`, {
    detail: 'not_carried_out',
  });
}

/** JetStream answered with what this version does not understand. */
export function answerUnknown(asked: string): DustError {
  return new DustError('network', `JetStream answered ${asked} with something that is no answer to it.`, {
    detail: 'unknown_answer',
  });
}

/** There is no stream, and none can be made. */
export function streamNotMade(stream: string, replicas: number, description: string): DustError {
  return new DustError(
    'network',
    `The stream ${stream} is missing, and JetStream did not make it with ${replicas} copies: ${description}. ` +
      'It is tried again; to have another number of copies, make the stream yourself.',
    { detail: 'stream_not_made' },
  );
}

/** A stream of that name would lose frames, or is none of ours. */
export function unfitStream(stream: string, why: string): DustError {
  return new DustError(
    'storage',
    `The stream ${stream} is not fit to be the log of a cluster: ${why}. Change its configuration, or remove it before the cluster begins.`,
    { detail: 'unfit_stream' },
  );
}

/** Messages of the server's must be as large as a frame. */
export function smallMessages(most: number, needed: number): DustError {
  return new DustError(
    'storage',
    `The NATS server takes messages of ${most} bytes at most (max_payload), and a cluster needs ${needed}. Raise it.`,
    { detail: 'small_messages' },
  );
}

/** The log has less than it had: so it looks behind a leader that was replaced, for a moment. */
export function behindItself(last: number, known: number): DustError {
  return new DustError(
    'network',
    `JetStream says that the log ends at position ${last}, and ${known} was in it already. It is asked again.`,
    { detail: 'log_behind' },
  );
}

/** The stream that was there is not found: so it looks while a cluster of servers begins, for a moment. */
export function streamNotFound(stream: string): DustError {
  return new DustError('network', `JetStream does not find the stream ${stream}. It is asked again.`, {
    detail: 'stream_not_found',
  });
}

/** The stream that was there is gone for good. */
export function streamGone(stream: string): DustError {
  return new DustError(
    'storage',
    `The stream ${stream} is not there any more. Somebody removed it, or the servers began with empty folders.`,
    { detail: 'log_gone' },
  );
}

/** A name that no subject can carry. */
export function nameTooLong(bytes: number, most: number): DustError {
  return new DustError('invalid_params', `A name of ${bytes} bytes is too long for NATS: ${most} at most.`, {
    detail: 'name_too_long',
  });
}

/** What is there of a content is not all of it, or something else. */
export function damagedContent(name: string): DustError {
  return new DustError(
    'storage',
    `The content ${JSON.stringify(name)} beside the log is not what was put there: it is damaged, or was removed while it was read.`,
    { detail: 'damaged_content', retryable: true },
  );
}

/** Somebody else was faster, and is not done. */
export function labelContested(name: string): DustError {
  return new DustError(
    'network',
    `The content ${JSON.stringify(name)} is being put beside the log by another node, and is not there yet. Try again.`,
    { detail: 'put_contested' },
  );
}

/** The log that must be there is not. */
export function noSuchLog(store: string): DustError {
  return new DustError(
    'store_not_found',
    `The NATS servers have no log of a store ${JSON.stringify(store)}: no node of a cluster has opened it there. Check the store and the address.`,
  );
}
