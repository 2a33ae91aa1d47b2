import type { NatsConnection, NatsRequestOptions } from './connection.js';
import { answerUnknown, requestRefused } from './errors.js';
import type { StreamConfig } from './stream-config.js';

/** What JetStream says of a stream. */
export interface StreamInfo {
  readonly config: StreamConfig;
  readonly state: {
    readonly messages: number;
    readonly first_seq: number;
    readonly last_seq: number;
    /** Of the subjects that were asked for: how many messages each has. */
    readonly subjects?: Readonly<Record<string, number>>;
  };
  /** Of the subjects that were asked for, how many there are. */
  readonly total?: number;
}

/** Which message is meant: the first at or behind a sequence with a subject, or the last with a subject. */
export type MessageChoice =
  { readonly seq: number; readonly next_by_subj: string } | { readonly last_by_subj: string };

/** A message of a stream. */
export interface StoredMessage {
  readonly sequence: number;
  /** When the leader took it in, in milliseconds since the Unix epoch. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** What an answer is when something was not done. */
interface ApiError {
  readonly code?: number;
  readonly err_code?: number;
  readonly description?: string;
}

type Answer = Readonly<Record<string, unknown>> & { readonly error?: ApiError };

/** What came of making a stream. */
export type Made = 'made' | 'taken' | { readonly refused: string };

const NO_MESSAGE = 10_037;
const NO_STREAM = 10_059;
const NAME_TAKEN = 10_058;
/** Another message is there, or on its way there. */
const ANOTHER_SEQUENCE: readonly unknown[] = [10_071, 10_164];

/** Thrown inside of this folder: the stream is not there. */
export class NoStream extends Error {}

/** The requests of JetStream that a log needs. All fail as DustError `network`, `aborted` or `closed`. */
export class JetStream {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** @throws NoStream */
  async info(
    stream: string,
    request: { readonly subjects_filter?: string; readonly offset?: number } = {},
    signal?: AbortSignal,
  ): Promise<StreamInfo> {
    const asked = `STREAM.INFO.${stream}`;
    const answer = await this.#ask(asked, request, signal);
    assertDone(asked, answer);
    const info = answer as unknown as Partial<StreamInfo>;
    if (!isCount(info.state?.last_seq) || !isCount(info.state.first_seq) || info.config === undefined) {
      throw answerUnknown(asked);
    }
    return info as StreamInfo;
  }

  async create(config: StreamConfig): Promise<Made> {
    const { error } = await this.#ask(`STREAM.CREATE.${config.name}`, config);
    if (error === undefined) return 'made';
    return error.err_code === NAME_TAKEN ? 'taken' : { refused: describe(error) };
  }

  /** Undefined when there is none. @throws NoStream */
  async message(
    stream: string,
    choice: MessageChoice,
    signal?: AbortSignal,
  ): Promise<StoredMessage | undefined> {
    const asked = `STREAM.MSG.GET.${stream}`;
    const answer = await this.#ask(asked, choice, signal);
    if (answer.error?.err_code === NO_MESSAGE) return undefined;
    assertDone(asked, answer);
    const { seq, time, data = '' } = Object(answer.message) as Readonly<Record<string, unknown>>;
    const milliseconds = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    if (!isCount(seq) || Number.isNaN(milliseconds) || typeof data !== 'string') throw answerUnknown(asked);
    return { sequence: seq, time: milliseconds, bytes: Buffer.from(data, 'base64') };
  }

  /** Drops the messages below a sequence, or those with a subject. @throws NoStream */
  async purge(stream: string, what: { readonly seq: number } | { readonly filter: string }): Promise<void> {
    const asked = `STREAM.PURGE.${stream}`;
    assertDone(asked, await this.#ask(asked, what));
  }

  /** Resolves to the sequence of a message once the stream has it. */
  async publish(stream: string, subject: string, bytes: Uint8Array, signal?: AbortSignal): Promise<number> {
    const answer = await this.#send(stream, subject, bytes, { signal });
    assertDone(subject, answer);
    if (!isCount(answer.seq) || answer.stream !== stream) throw answerUnknown(subject);
    return answer.seq;
  }

  /** Resolves to whether the stream took a message in: it does when it has none with that subject, and none is on its way. */
  async publishFirst(stream: string, subject: string, bytes: Uint8Array): Promise<boolean> {
    const answer = await this.#send(stream, subject, bytes, {
      headers: { 'Nats-Expected-Last-Subject-Sequence': '0' },
    });
    if (ANOTHER_SEQUENCE.includes(answer.error?.err_code)) return false;
    assertDone(subject, answer);
    return true;
  }

  /** A stream that has another name is not to take it in. */
  async #send(
    stream: string,
    subject: string,
    bytes: Uint8Array,
    { headers, signal }: NatsRequestOptions,
  ): Promise<Answer> {
    const expected = { 'Nats-Expected-Stream': stream, ...headers };
    return readAnswer(subject, await this.#connection.request(subject, bytes, { headers: expected, signal }));
  }

  async #ask(asked: string, request: object, signal?: AbortSignal): Promise<Answer> {
    const payload = JSON.stringify(request);
    return readAnswer(asked, await this.#connection.request(`$JS.API.${asked}`, payload, { signal }));
  }
}

const decoder = new TextDecoder();

function readAnswer(asked: string, bytes: Uint8Array): Answer {
  try {
    const answer = JSON.parse(decoder.decode(bytes)) as unknown;
    if (typeof answer === 'object' && answer !== null) return answer as Answer;
  } catch {
    // Told below.
  }
  throw answerUnknown(asked);
}

function assertDone(asked: string, { error }: Answer): void {
  if (error === undefined) return;
  if (error.err_code === NO_STREAM) throw new NoStream(asked);
  throw requestRefused(asked, describe(error));
}

function describe({ description, err_code }: ApiError): string {
  return `${description ?? 'no reason was given'} (${err_code ?? 'no code'})`;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
