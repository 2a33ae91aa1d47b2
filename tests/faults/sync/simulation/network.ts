import { DustError } from '../../../../src/errors.js';
import { toWireJson } from '../../../../src/protocol/wire/wire-json.js';
import type { Linker } from '../../../../src/sync/connection/link.js';
import type { StoreReader } from '../../../../src/sync/store-reader.js';
import type { Process } from './process.js';
import type { SimulatedServer } from './server.js';
import { SimulatedLink } from './simulated-link.js';

/** What a client reaches the server with. */
export interface Access {
  readonly linker: Linker;
  readonly reader: StoreReader;
  /** The links that are open on the client's side. */
  readonly links: ReadonlySet<SimulatedLink>;
  /** Reads under way. */
  readonly reads: () => number;
}

/** Everything between clients and server. */
export class SimulatedNetwork {
  readonly #server: SimulatedServer;
  readonly #links = new Set<SimulatedLink>();
  /** Until when clients do not get through. */
  readonly #partitions = new Map<string, number>();
  readonly #revoked = new Set<string>();
  /** The most ms a frame is under way. */
  latency: number;
  /** How likely a read over HTTP fails. */
  readFailures = 0;
  /** Writes what clients send as JSON. */
  encode: (payload: unknown) => string = toWireJson;

  constructor(server: SimulatedServer, latency: number) {
    this.#server = server;
    this.latency = latency;
  }

  /** All links that are open on the client's side. */
  get links(): readonly SimulatedLink[] {
    return [...this.#links];
  }

  access(process: Process, deviceId: string): Access {
    const links = new Set<SimulatedLink>();
    let reads = 0;
    const linker: Linker = {
      open: (handlers) => {
        const link = new SimulatedLink({
          server: this.#server,
          deviceId,
          handlers,
          latency: () => this.latency,
          encode: this.encode,
          isReachable: () => (this.#partitions.get(deviceId) ?? 0) <= this.#server.scheduler.now(),
          isRevoked: () => this.#revoked.has(deviceId),
          onEnded: (ended) => {
            links.delete(ended);
            this.#links.delete(ended);
          },
        });
        links.add(link);
        this.#links.add(link);
        return link;
      },
    };
    const reader: StoreReader = {
      getMany: (paths, { signal }) => {
        reads++;
        return this.#request(process, signal, () => this.#server.getMany(paths)).finally(() => {
          reads--;
        });
      },
    };
    return { linker, reader, links, reads: () => reads };
  }

  isRevoked(deviceId: string): boolean {
    return this.#revoked.has(deviceId);
  }

  /** The client's token is worth nothing from now on. */
  revoke(deviceId: string): void {
    this.#revoked.add(deviceId);
    for (const link of this.links) if (link.deviceId === deviceId) link.crashChannel();
  }

  /** Cuts a client off for a while; others go on. */
  partition(deviceId: string, ms: number): void {
    this.#partitions.set(deviceId, this.#server.scheduler.now() + ms);
    for (const link of this.links) if (link.deviceId === deviceId) link.cut(this.latency, this.latency, 1006);
  }

  /** A killed process says nothing more; its connections end sooner or later. */
  abandon(access: Access): void {
    for (const link of access.links) {
      link.abandon();
      this.#links.delete(link);
    }
  }

  /** One request over HTTP: there, done, and back, or lost on either way. */
  #request<T>(process: Process, signal: AbortSignal, answer: () => T): Promise<T> {
    const { scheduler, random } = this.#server;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(new DustError('aborted', 'the read was aborted'));
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (outcome: () => void): void => {
        scheduler.schedule(
          () => {
            signal.removeEventListener('abort', onAbort);
            if (process.isAlive) outcome();
          },
          random.int(0, this.latency),
        );
      };
      scheduler.schedule(
        () => {
          if (!this.#server.isUp || random.chance(this.readFailures)) {
            settle(() => {
              reject(new DustError('network', 'the read was lost'));
            });
            return;
          }
          const answered = answer();
          settle(() => {
            resolve(answered);
          });
        },
        random.int(0, this.latency),
      );
    });
  }
}
