import { requestAborted, untilAborted } from '../../../abort-listener.js';
import type { Clock } from '../../../clock.js';
import type { DustError } from '../../../errors.js';
import type { NatsConnection } from './connection.js';
import { streamGone, streamNotFound, streamNotMade, unfitStream } from './errors.js';
import type { JetStream, StreamInfo } from './jet-stream.js';
import { NoStream } from './jet-stream.js';
import { Patience } from './patience.js';
import { streamConfig, whyUnfit } from './stream-config.js';

/** How long a leader that was cut off may answer as if it were one, or a new one not know all yet, with a margin: milliseconds. */
export const LONGEST_CHANGE = 30_000;

/** How many copies a stream has where several servers can keep some. */
const COPIES = 3;

/** Which stream is meant. */
export interface StreamOptions {
  readonly name: string;
  readonly subjects: string;
  /** What is thrown where it is missing; it is made when this is left out. */
  readonly orElse?: (() => DustError) | undefined;
}

/** One stream of JetStream, made when it is used for the first time. */
export class Stream {
  readonly name: string;
  readonly #connection: NatsConnection;
  readonly #jetStream: JetStream;
  readonly #subjects: string;
  readonly #orElse: (() => DustError) | undefined;
  readonly #patience: Patience;
  #ready: Promise<void> | undefined;

  constructor(
    { name, subjects, orElse }: StreamOptions,
    connection: NatsConnection,
    jetStream: JetStream,
    clock: Clock,
  ) {
    this.name = name;
    this.#subjects = subjects;
    this.#orElse = orElse;
    this.#connection = connection;
    this.#jetStream = jetStream;
    this.#patience = new Patience(clock, LONGEST_CHANGE);
  }

  /**
   * What the request comes to, with the stream there.
   *
   * @throws DustError `storage` with detail `unfit_stream` for one that would lose messages, `log_gone` when it is not there any more;
   * `network` with detail `stream_not_made`; and what the request fails with
   */
  async with<T>(request: (jetStream: JetStream) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    await untilAborted(this.#ready, signal, requestAborted);
    try {
      const result = await request(this.#jetStream);
      this.#patience.isOver(false);
      return result;
    } catch (error) {
      if (!(error instanceof NoStream)) throw error;
      throw this.#patience.isOver(true) ? streamGone(this.name) : streamNotFound(this.name);
    }
  }

  async #prepare(): Promise<void> {
    const { config } = (await this.#find()) ?? (await this.#make());
    const why = whyUnfit(config, this.#subjects);
    if (why !== undefined) throw unfitStream(this.name, why);
  }

  async #find(): Promise<StreamInfo | undefined> {
    try {
      return await this.#jetStream.info(this.name);
    } catch (error) {
      if (error instanceof NoStream) return undefined;
      throw error;
    }
  }

  /** A single server keeps a single copy. One of several that cannot be had now would be missed for ever. */
  async #make(): Promise<StreamInfo> {
    if (this.#orElse !== undefined) throw this.#orElse();
    const { info } = await this.#connection.client();
    const copies = info?.cluster === undefined ? 1 : COPIES;
    const made = await this.#jetStream.create(streamConfig(this.name, this.#subjects, copies));
    if (typeof made === 'object') throw streamNotMade(this.name, copies, made.refused);
    const found = await this.#find();
    if (found === undefined) throw streamNotFound(this.name);
    return found;
  }
}
