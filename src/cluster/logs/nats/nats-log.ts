import type { Clock } from '../../../clock.js';
import { monotonicOf, systemClock } from '../../../clock.js';
import type { DustError } from '../../../errors.js';
import { logTrimmed, noSuchLog, notAppended, otherLog, proposalTooLarge } from '../../errors.js';
import { MAX_FRAME_BYTES } from '../../frame/frame.js';
import { LogListeners } from '../../log/log-listeners.js';
import { fingerprintOf } from '../../log/fingerprint.js';
import type {
  AppendOptions,
  KnownEntry,
  LogBounds,
  LogBoundsOptions,
  LogEntry,
  LogReadOptions,
  ReplicatedLog,
} from '../../log/replicated-log.js';
import { addressOf } from './address.js';
import { NatsConnection } from './connection.js';
import type { NatsDriver } from './driver.js';
import { loadDriver } from './driver.js';
import { behindItself } from './errors.js';
import type { StoredMessage, StreamInfo } from './jet-stream.js';
import { JetStream } from './jet-stream.js';
import type { NatsNames } from './names.js';
import { namesOf } from './names.js';
import { NatsShelf } from './nats-shelf.js';
import { Patience } from './patience.js';
import { ReadAhead } from './read-ahead.js';
import { LONGEST_CHANGE, Stream } from './stream.js';

/** Where a log lies. */
export interface NatsLogOptions {
  /** `nats://user:password@host:port`, with further hosts behind commas. */
  readonly url: string;
  /** The store that the log is of. */
  readonly store: string;
  /** How long a server may take to answer, in milliseconds. Default 5,000. */
  readonly timeout?: number | undefined;
  /** What waits are measured by. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** Whether the store must have a log: none is made then. Default false. */
  readonly mustExist?: boolean | undefined;
  /** Default the package `@nats-io/transport-node`. */
  readonly driver?: NatsDriver | undefined;
}

const TIMEOUT = 5_000;

/** For so many milliseconds an entry that was seen need not be looked at again. */
const SEEN_FOR = 1_000;

/** What a message holds beside a frame, in bytes, with a margin. */
const AROUND_A_FRAME = 1_024;

/** A frame with more than one proposal must be something that the server takes, whatever its head holds. */
const LEAST_PAYLOAD = MAX_FRAME_BYTES + 8_192;

/**
 * Opens the log of a store in JetStream, and makes its stream when it is missing. Connects when something is asked of it.
 *
 * @throws DustError `invalid_options` for an address that is none, and when the package `@nats-io/transport-node` is not there
 */
export async function openNatsLog({
  url,
  store,
  timeout = TIMEOUT,
  clock = systemClock,
  mustExist = false,
  driver,
}: NatsLogOptions): Promise<ReplicatedLog> {
  const address = addressOf(url);
  const names = namesOf(store);
  const listeners = new LogListeners();
  const ahead = new ReadAhead();
  const onNews = (text: string | undefined): void => {
    ahead.noteHeard(Number(text));
    listeners.tell();
  };
  const connection = new NatsConnection(driver ?? (await loadDriver()), {
    address,
    timeout,
    leastPayload: LEAST_PAYLOAD,
    news: { subject: names.news, onNews },
  });
  return new NatsLog({
    names,
    connection,
    clock,
    listeners,
    ahead,
    orElse: mustExist ? () => noSuchLog(store) : undefined,
  });
}

interface NatsLogParts {
  readonly names: NatsNames;
  readonly connection: NatsConnection;
  readonly clock: Clock;
  readonly listeners: LogListeners;
  readonly ahead: ReadAhead;
  /** What is thrown where there is no log; one is made when it is left out. */
  readonly orElse: (() => DustError) | undefined;
}

/**
 * A log as a stream: a message a frame, whose place is its sequence. Messages are asked for by their place, each by itself and several at a
 * time: consumers were seen to stay deaf for most of a minute after the leader of their stream died.
 */
class NatsLog implements ReplicatedLog {
  readonly name = 'nats';
  readonly shelf: NatsShelf;
  readonly #names: NatsNames;
  readonly #clock: Clock;
  readonly #connection: NatsConnection;
  readonly #listeners: LogListeners;
  readonly #ahead: ReadAhead;
  readonly #stream: Stream;
  readonly #patience: Patience;
  /** A position that the log had for sure. */
  #known = 0;
  /** The last entry that was read, and when, by a clock that is never set back. */
  #seen = { position: 0, fingerprint: '', at: -Infinity };

  constructor({ names, connection, clock, listeners, ahead, orElse }: NatsLogParts) {
    this.#names = names;
    this.#clock = clock;
    this.#connection = connection;
    this.#listeners = listeners;
    this.#ahead = ahead;
    const jetStream = new JetStream(connection);
    const stream = (name: string, subjects: string, missing?: () => DustError): Stream =>
      new Stream({ name, subjects, orElse: missing }, connection, jetStream, clock);
    this.#stream = stream(names.log.stream, names.log.subject, orElse);
    this.#patience = new Patience(clock, LONGEST_CHANGE);
    this.shelf = new NatsShelf(stream(names.shelf.stream, `${names.shelf.subjects}.>`), names.shelf.subjects);
  }

  async append(bytes: Uint8Array, { after, signal }: AppendOptions = {}): Promise<number> {
    const { info } = await this.#connection.client(signal);
    const most = (info?.max_payload ?? Infinity) - AROUND_A_FRAME;
    if (bytes.byteLength > most) throw proposalTooLarge(bytes.byteLength, most);
    // Asked before and not with it, as JetStream takes no such condition: a stream that is replaced in between is found when it is read.
    if (after !== undefined && !(await this.#mayHave(after, signal))) throw notAppended(after.position);
    const { stream, subject } = this.#names.log;
    const position = await this.#stream.with(
      (jetStream) => jetStream.publish(stream, subject, bytes, signal),
      signal,
    );
    this.#known = Math.max(this.#known, position);
    this.#ahead.noteHeard(position);
    this.#listeners.tell();
    void this.#connection.tell(this.#names.news, String(position));
    return position;
  }

  async read(from: number, { maxBytes, follows, signal }: LogReadOptions): Promise<readonly LogEntry[]> {
    this.#known = Math.max(this.#known, from - 1);
    if (follows !== undefined) await this.#assertHas({ position: from - 1, fingerprint: follows }, signal);
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (let count = Math.max(1, this.#ahead.count(from, maxBytes)); count > 0;) {
      for (const message of await this.#messages(from + entries.length, count, signal)) {
        const position = from + entries.length;
        if (message?.sequence !== position) {
          this.#ahead.noteEnd(position);
          if (entries.length === 0) await this.#assertNotTrimmed(from, message, signal);
          return entries;
        }
        if (entries.length > 0 && bytes >= maxBytes) return entries;
        entries.push({ position, time: message.time, bytes: message.bytes });
        this.#seen = { position, fingerprint: fingerprintOf(message), at: monotonicOf(this.#clock) };
        bytes += message.bytes.byteLength;
        this.#ahead.noteRead(message.bytes.byteLength);
      }
      count = this.#ahead.count(from + entries.length, maxBytes - bytes);
    }
    return entries;
  }

  async bounds({ known, signal }: LogBoundsOptions = {}): Promise<LogBounds> {
    // Of what was in the log before it was asked: what came meanwhile may be missing in the answer.
    const least = (this.#known = Math.max(this.#known, known?.position ?? 0));
    if (known !== undefined) await this.#assertHas(known, signal);
    const { messages, first_seq: first, last_seq: last } = await this.#state(signal);
    const isShorter = last < least;
    if (!this.#patience.isOver(isShorter) && isShorter) throw behindItself(last, least);
    this.#ahead.noteHeard(last);
    return { first: messages === 0 ? 0 : first, last };
  }

  watch(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async trim(through: number): Promise<void> {
    // Behind its end a stream is emptied to wherever it is told, and goes on from there: with a hole.
    const { last_seq: last } = await this.#state();
    const { stream } = this.#names.log;
    await this.#stream.with((jetStream) => jetStream.purge(stream, { seq: Math.min(through, last) + 1 }));
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#connection.close();
  }

  async #state(signal?: AbortSignal): Promise<StreamInfo['state']> {
    const { stream } = this.#names.log;
    const { state } = await this.#stream.with((jetStream) => jetStream.info(stream, {}, signal), signal);
    return state;
  }

  /** Whether an entry lies in the log; undefined when nothing lies there. Not asked where the same was seen a moment ago. */
  async #has(
    { position, fingerprint }: KnownEntry,
    signal: AbortSignal | undefined,
  ): Promise<boolean | undefined> {
    const now = monotonicOf(this.#clock);
    const { position: seen, fingerprint: same, at } = this.#seen;
    if (position === seen && fingerprint === same && now - at < SEEN_FOR) return true;
    const [message] = await this.#messages(position, 1, signal);
    if (message?.sequence !== position) return undefined;
    this.#seen = { position, fingerprint: fingerprintOf(message), at: now };
    return this.#seen.fingerprint === fingerprint;
  }

  /** Of the last one that was trimmed away nothing is known but its place. */
  async #mayHave(known: KnownEntry, signal: AbortSignal | undefined): Promise<boolean> {
    const has = await this.#has(known, signal);
    if (has !== undefined) return has;
    const { messages, first_seq: first, last_seq: last } = await this.#state(signal);
    return known.position === (messages === 0 ? last : first - 1);
  }

  /** @throws DustError `storage` with detail `diverged` when another entry lies there */
  async #assertHas(known: KnownEntry, signal: AbortSignal | undefined): Promise<void> {
    if ((await this.#has(known, signal)) === false) throw otherLog(known.position);
  }

  #messages(
    from: number,
    count: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly (StoredMessage | undefined)[]> {
    const { stream, subject } = this.#names.log;
    const ask = (jetStream: JetStream, i: number): Promise<StoredMessage | undefined> =>
      jetStream.message(stream, { seq: from + i, next_by_subj: subject }, signal);
    return this.#stream.with(
      (jetStream) => Promise.all(Array.from({ length: count }, (_, i) => ask(jetStream, i))),
      signal,
    );
  }

  /** Entries that are missing in front of others are as good as trimmed: whoever needs them finds them in a snapshot only. */
  async #assertNotTrimmed(
    from: number,
    next: StoredMessage | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (next !== undefined) throw logTrimmed(from, next.sequence);
    const { messages, first_seq: first, last_seq: last } = await this.#state(signal);
    if (from <= last && (messages === 0 || from < first)) throw logTrimmed(from, messages === 0 ? 0 : first);
    this.#ahead.noteHeard(last);
  }
}
