import { randomUUID } from 'node:crypto';
import { filter, firstValueFrom, timeout } from 'rxjs';
import type { TransportFactory } from '../../../src/index.js';
import type { ChannelTransportOptions } from '../../../src/transport/channel/index.js';
import { EngineRegistry, createChannelTransport } from '../../../src/transport/channel/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { announcingWrites } from './announcing-writes.js';
import type { MirrorCopies } from './mirror-copies.js';

/** What the clients of a store have in common. */
export interface ChannelClientsOptions extends Omit<
  ChannelTransportOptions,
  'deviceId' | 'logger' | 'cache'
> {
  /** What clients begin with. Their mirrors are in memory, and empty at first, when left out. */
  readonly mirrors?: MirrorCopies | undefined;
  /** A client that has not heard of another's write after so many milliseconds has failed. */
  readonly patience: number;
  /** Makes the transport of a client, where that is not the channel of a server. */
  readonly make?: ((client: Pick<ChannelTransportOptions, 'deviceId' | 'logger'>) => Transport) | undefined;
}

/**
 * Clients of one store over its channel, each with an engine of its own. Others hear of a write a moment later than its
 * writer: so that tests can go on with what they then see, a write resolves when all of these clients have come as far.
 */
export class ChannelClients {
  readonly #options: ChannelClientsOptions;
  readonly #engines = new EngineRegistry();
  readonly #open = new Set<Transport>();

  constructor(options: ChannelClientsOptions) {
    this.#options = options;
  }

  /** Makes another client. */
  readonly transport: TransportFactory = ({ deviceId = randomUUID(), logger }) => {
    const { mirrors, patience: _, make, ...options } = this.#options;
    const path = mirrors?.take();
    const cache = path === undefined ? undefined : { path };
    const client =
      make?.({ deviceId, logger }) ??
      createChannelTransport({ ...options, deviceId, logger, cache }, this.#engines);
    this.#open.add(client);
    const onClosed = (): void => {
      this.#open.delete(client);
      if (path !== undefined) mirrors?.giveBack(path);
    };
    client.status$.subscribe({ complete: onClosed });
    return this.announcing(client);
  };

  /** Another way to the same store, whose writes resolve when all clients have come as far, too. */
  announcing(transport: Transport): Transport {
    return announcingWrites(transport, (storeSeq) => this.#reached(storeSeq));
  }

  /** Closes whatever a test that failed has left open. @throws Error when an engine outlives its clients */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((client) => client.close()));
    if (this.#engines.size > 0) throw new Error(`${this.#engines.size} engines run without a client.`);
  }

  /** Clients that still connect will have caught up beyond; those that are closed hear of nothing. */
  async #reached(storeSeq: number): Promise<void> {
    const heard = [...this.#open].map(({ status$ }) =>
      firstValueFrom(
        status$.pipe(
          filter(({ state, storeSeq: at }) => state === 'connecting' || state === 'closed' || at >= storeSeq),
          timeout(this.#options.patience),
        ),
      ),
    );
    await Promise.all(heard);
  }
}
