import type { MsgHdrs } from '@nats-io/transport-node';
import { driverMissing } from './errors.js';

/** What is needed of the package `@nats-io/transport-node`. */
export interface NatsDriver {
  connect(options: NatsConnectOptions): Promise<NatsClient>;
  headers(): MsgHdrs;
}

/** What a connection is made with. */
export interface NatsConnectOptions {
  readonly servers: string[];
  readonly name: string;
  readonly timeout: number;
  readonly reconnect: boolean;
  readonly ignoreClusterUpdates: boolean;
  readonly noAsyncTraces: boolean;
  readonly tls?: object;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/** A connection to one server. */
export interface NatsClient {
  /** What the server says of itself. */
  readonly info?: { readonly max_payload: number; readonly cluster?: string };
  request(
    subject: string,
    payload: Uint8Array | string,
    options: { timeout: number; headers?: MsgHdrs },
  ): Promise<{ readonly data: Uint8Array }>;
  publish(subject: string, payload: string): void;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: { readonly data: Uint8Array }) => void },
  ): unknown;
  /** Resolves when the connection has ended, to why. */
  closed(): Promise<unknown>;
  close(): Promise<void>;
}

/** Loads the driver, which is a package of the user's. @throws DustError `invalid_options` with detail `driver_missing` */
export async function loadDriver(): Promise<NatsDriver> {
  // In a `try`, where bundlers let a package be that is not installed.
  try {
    return await import('@nats-io/transport-node');
  } catch (error) {
    throw driverMissing(error);
  }
}
