import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { DustErrorDetails, DustErrorKind } from '../errors.js';
import { ERROR_KINDS } from '../errors.js';
import { injectedFailure, invalidTimes, notAWrite, unknownKind, unknownMethod } from './errors.js';

const OPTIONS: OptionNames<FailNextOptions> = {
  method: true,
  times: true,
  afterCommit: true,
  details: true,
};

const READS = [
  'get',
  'getMany',
  'exists',
  'subtree',
  'subtrees',
  'list',
  'listKeys',
  'getFile',
  'status',
  'barrier',
  'log',
] as const;
const WRITES = [
  'set',
  'delete',
  'merge',
  'increment',
  'add',
  'remove',
  'batchWrite',
  'lease',
  'renew',
  'release',
  'putFile',
] as const;

export type ReadMethod = (typeof READS)[number];
export type WriteMethod = (typeof WRITES)[number];

/** The methods of a transport that can be made to fail. */
export type FailingMethod = ReadMethod | WriteMethod;

const METHODS: ReadonlySet<string> = new Set([...READS, ...WRITES]);

/** Which call fails, how often, and what had happened by then. */
export interface FailNextOptions {
  /** Only calls of this transport method; `read` and `write` stand for all of a kind. Default: any call. */
  readonly method?: 'read' | 'write' | FailingMethod;
  /** How many calls fail. Default 1. */
  readonly times?: number;
  /** The write is committed and only its answer is lost. Reads are then passed over. Default false: nothing happens. */
  readonly afterCommit?: boolean;
  /** What the error carries beside its kind, such as `retryAfter` or `currentRevision`. */
  readonly details?: DustErrorDetails;
}

interface PlannedFailure {
  readonly kind: DustErrorKind;
  readonly methods: ReadonlySet<FailingMethod>;
  readonly afterCommit: boolean;
  readonly details: DustErrorDetails;
  remaining: number;
}

/** The failures that wait for their call. A call meets the oldest one that fits it. */
export class PlannedFailures {
  readonly #planned: PlannedFailure[] = [];

  /** Plans a failure; the returned function calls it off. */
  add(kind: DustErrorKind, options: FailNextOptions = {}): () => void {
    if (!ERROR_KINDS.includes(kind)) throw unknownKind(kind, ERROR_KINDS);
    checkOptionNames('failNext', options, OPTIONS);
    const { times = 1, afterCommit = false, details = {} } = options;
    if (!Number.isInteger(times) || times < 1) throw invalidTimes(times);
    const failure: PlannedFailure = {
      kind,
      methods: methodsOf(options.method, afterCommit),
      afterCommit,
      details,
      remaining: times,
    };
    this.#planned.push(failure);
    return () => {
      this.#forget(failure);
    };
  }

  /** The calls that are still to fail. */
  get remaining(): number {
    return this.#planned.reduce((sum, failure) => sum + failure.remaining, 0);
  }

  /** Whether a read is to fail. */
  get awaitRead(): boolean {
    return this.#planned.some(({ methods }) => READS.some((method) => methods.has(method)));
  }

  /** Makes the call, unless a failure is planned for it. */
  async run<T>(method: FailingMethod, call: () => Promise<T>): Promise<T> {
    const failure = this.#planned.find(({ methods }) => methods.has(method));
    if (failure === undefined) return call();
    failure.remaining -= 1;
    if (failure.remaining === 0) this.#forget(failure);
    if (failure.afterCommit) await call();
    throw injectedFailure(failure.kind, method, failure.afterCommit, failure.details);
  }

  #forget(failure: PlannedFailure): void {
    const index = this.#planned.indexOf(failure);
    if (index !== -1) this.#planned.splice(index, 1);
  }
}

function methodsOf(method: FailNextOptions['method'], afterCommit: boolean): ReadonlySet<FailingMethod> {
  const writes = new Set<FailingMethod>(WRITES);
  switch (method) {
    case undefined:
      return afterCommit ? writes : new Set([...READS, ...WRITES]);
    case 'write':
      return writes;
    case 'read':
      if (afterCommit) throw notAWrite(method);
      return new Set(READS);
    default:
      if (!METHODS.has(method)) throw unknownMethod(method, [...METHODS]);
      if (afterCommit && !writes.has(method)) throw notAWrite(method);
      return new Set([method]);
  }
}
