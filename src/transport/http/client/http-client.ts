import type { Readable } from 'node:stream';
import type { Path } from '../../../protocol/paths/path.js';
import type { JsonValue } from '../../../protocol/values/value.js';

/**
 * What repeating a request whose outcome is unknown would do: nothing to the store (`read`), the same again
 * (`idempotent`), or perhaps something else (`once`: a write with a precondition, or an import).
 */
export type RequestEffect = 'read' | 'idempotent' | 'once';

/** One request to a Dust server. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The path below the server's url, percent-encoded, with its query. */
  readonly target: string;
  readonly effect: RequestEffect;
  /** Sent as JSON; a string with `contentType` is sent as it is. No body when left out. */
  readonly body?: JsonValue | undefined;
  readonly contentType?: string | undefined;
  /** Bytes that are sent as they are, with `contentType`, in place of a `body`. */
  readonly content?: Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is read from the body of a 2xx answer. Default `json`. */
  readonly read?: 'json' | 'bytes' | 'stream' | undefined;
  /** What 404 `not_found` means: the entry is missing, or the store is. Default `store`. */
  readonly notFound?: 'entry' | 'store' | undefined;
  /** The caller has another way when the server answers 500, and wants to hear of it at once. Default false. */
  readonly hasFallback?: boolean | undefined;
  /** The rendered path that errors name. */
  readonly path?: Path | undefined;
  /** Hears of each answer, errors included, before `send` settles; with retries more than once. */
  readonly onAnswer?: ((answer: AnswerHead) => void) | undefined;
}

/** The beginning of an answer, whatever its status. */
export interface AnswerHead {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What a server answered with 2xx, or with 404 where the request said that means a missing entry. */
export interface HttpResponse extends AnswerHead {
  /** Parsed JSON, bytes or a stream, as the request asked for; undefined where there is none. */
  readonly body: unknown;
}

/** Sends requests and turns every failure into a `DustError`; see errors.ts for which. */
export interface HttpClient {
  /**
   * @throws DustError `network`, `timeout`, `http`, `unauthorized`, `forbidden`, `store_not_found`, `not_implemented`,
   * `invalid_params`, `conflict`, `exists`, `rate_limited`, `indeterminate`, `aborted`, `closed`
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Ends idle connections; requests under way and waits fail with `closed`. */
  close(): void;
}

/** A body read as a stream. */
export type BodyStream = Readable;
