import type { Observable } from 'rxjs';
import { BehaviorSubject, distinctUntilChanged, takeWhile } from 'rxjs';
import type { Clock } from '../../clock.js';
import type { Feature } from '../../protocol/wire/features.js';
import {
  CONSISTENCY_HEADER,
  FEATURES_HEADER,
  MIN_SEQ_HEADER,
  STORE_SEQ_HEADER,
  featuresIn,
} from '../../protocol/wire/features.js';
import { isDustError } from '../../errors.js';
import { WorkUnderWay } from '../../work-under-way.js';
import { assertNotAborted } from '../abort.js';
import { notConnected, transportClosed } from '../errors.js';
import type { BarrierOptions, TransportStatus } from '../transport.js';
import { keysIn } from './answers.js';
import type { AnswerHead, HttpClient, HttpRequest, HttpResponse } from './client/http-client.js';

/** What a connection is made of. */
export interface ConnectionParts {
  readonly client: HttpClient;
  /** A cheap listing of the store. A GET of an entry could not tell an unknown store from a missing entry (PROTOCOL §3). */
  readonly probe: HttpRequest;
  readonly clock: Clock;
  /** How long closing waits for writes that are under way, in milliseconds. */
  readonly closingGrace: number;
}

/** The way from not connected to usable to closed, once; and what is known of the store meanwhile. */
export class HttpConnection {
  readonly #client: HttpClient;
  readonly #probe: HttpRequest;
  readonly #clock: Clock;
  readonly #closingGrace: number;
  readonly #statuses = new BehaviorSubject<TransportStatus>({
    state: 'connecting',
    readsFrom: 'http',
    storeSeq: 0,
  });
  readonly #writes = new WorkUnderWay();
  #features: ReadonlySet<Feature> = new Set();
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor({ client, probe, clock, closingGrace }: ConnectionParts) {
    this.#closingGrace = closingGrace;
    this.#client = client;
    this.#probe = probe;
    this.#clock = clock;
  }

  /** The status as it is known without asking. */
  get status(): TransportStatus {
    return this.#statuses.value;
  }

  /**
   * What the server has beyond version 0.1, as its answer to `connect` announced it and every answer to a request since: one
   * that lacks a feature takes it back for good, because a server without it ignores what it should refuse.
   */
  get features(): ReadonlySet<Feature> {
    return this.#features;
  }

  /** The present status, then each change of it; completes with `closed`. */
  get status$(): Observable<TransportStatus> {
    return this.#statuses.pipe(
      distinctUntilChanged((a, b) => a.state === b.state && a.storeSeq === b.storeSeq),
      takeWhile(({ state }) => state !== 'closed', true),
    );
  }

  /** Asks the store whether it is there. Calls share the outcome, unless it was a failure: that can be retried. */
  connect(): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(transportClosed('http'));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Asks the store again. */
  async probe(signal: AbortSignal | undefined): Promise<void> {
    keysIn((await this.send({ ...this.#probe, signal })).body);
  }

  /** @throws DustError `not_initialized`, `closed`, `aborted`, and what the client throws */
  async send(request: HttpRequest): Promise<HttpResponse> {
    if (this.#closing !== undefined) throw transportClosed('http');
    if (this.status.state === 'connecting') throw notConnected('http');
    assertNotAborted(request.signal);
    const response = this.#transmit(request);
    return request.effect === 'read' ? response : this.#writes.track(response);
  }

  /** Notes a seq that the store has committed: no read is to show less from now on. */
  saw(storeSeq: number): void {
    if (storeSeq > this.status.storeSeq) this.#update({ storeSeq });
  }

  /**
   * Asks for the store as it stands with all that was acknowledged anywhere, or with the operation `minSeq`. Resolves to the seq that reads
   * show from now on.
   */
  async barrier({ minSeq, signal }: BarrierOptions): Promise<number> {
    if (minSeq === undefined || minSeq > this.status.storeSeq) {
      const headers =
        minSeq === undefined
          ? { [CONSISTENCY_HEADER]: 'linearizable' }
          : { [MIN_SEQ_HEADER]: String(minSeq) };
      keysIn((await this.send({ ...this.#probe, signal, headers })).body);
    }
    return this.status.storeSeq;
  }

  /** Refuses what comes from now on, lets writes under way end, and then ends everything else. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    const answer = await this.#client.send(this.#probe);
    keysIn(answer.body);
    this.#features = featuresOf(answer);
    if (this.#closing !== undefined) throw transportClosed('http');
    this.#update({ state: 'live' });
  }

  async #transmit(request: HttpRequest): Promise<HttpResponse> {
    try {
      const response = await this.#client.send(this.#asking(request));
      this.#update({ state: 'live' });
      this.#keepFeaturesOf(response);
      return response;
    } catch (error) {
      if (isDustError(error, 'network') || isDustError(error, 'timeout')) this.#update({ state: 'degraded' });
      else if (isDustError(error) && error.status !== undefined) this.#update({ state: 'live' });
      throw error;
    }
  }

  /**
   * The same, and a read asks for what was seen already: requests may go to several nodes of a cluster, of which one is behind the
   * others. Every answer tells how far the store had come.
   */
  #asking(request: HttpRequest): HttpRequest {
    if (!this.#features.has('read-barrier')) return request;
    const { storeSeq } = this.status;
    const isAsked = request.effect === 'read' && storeSeq > 0;
    return {
      ...request,
      ...(isAsked ? { headers: { [MIN_SEQ_HEADER]: String(storeSeq), ...request.headers } } : {}),
      onAnswer: (answer) => {
        request.onAnswer?.(answer);
        this.#hear(answer, isAsked ? storeSeq : 0);
      },
    };
  }

  #hear({ headers }: AnswerHead, asked: number): void {
    const told = headers.get(STORE_SEQ_HEADER);
    if (told === undefined || !/^\d{1,16}$/.test(told)) return;
    const storeSeq = Number(told);
    // It was asked for more and has no more: the store was restored to what it was before.
    if (storeSeq < asked) this.#update({ storeSeq });
    else this.saw(storeSeq);
  }

  #keepFeaturesOf(answer: AnswerHead): void {
    if (this.#features.size === 0) return;
    const announced = featuresOf(answer);
    const kept = [...this.#features].filter((feature) => announced.has(feature));
    if (kept.length < this.#features.size) this.#features = new Set(kept);
  }

  async #close(): Promise<void> {
    let giveUp: (() => void) | undefined;
    const grace = new Promise<void>((resolve) => {
      giveUp = this.#clock.schedule(resolve, this.#closingGrace, { keepAlive: true });
    });
    await Promise.race([this.#writes.all(), grace]);
    giveUp?.();
    this.#client.close();
    this.#statuses.next({ ...this.status, state: 'closed' });
  }

  #update(change: Partial<TransportStatus>): void {
    if (this.#closing === undefined) this.#statuses.next({ ...this.status, ...change });
  }
}

function featuresOf({ headers }: AnswerHead): ReadonlySet<Feature> {
  return featuresIn(headers.get(FEATURES_HEADER));
}
