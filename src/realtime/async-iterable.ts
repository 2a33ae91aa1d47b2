import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { Observable } from 'rxjs';
import { isObservable, Subscription } from 'rxjs';
import type { Bound } from '../protocol/requests/budget.js';
import { Budget } from '../protocol/requests/budget.js';
import { invalidPositiveInteger, iterationOverflow, sourceNotObservable } from './errors.js';
import { ItemWeigher } from './item-weigher.js';

const OPTIONS: OptionNames<AsyncIterableOptions> = { limit: true, limitBytes: true };

const DEFAULTS = { limit: 1000, limitBytes: 64 * 1024 * 1024 };

/** How {@link toAsyncIterable} buffers. */
export interface AsyncIterableOptions {
  /** The most items that wait to be taken. A positive integer; default 1000. */
  readonly limit?: number;
  /**
   * About how many bytes the items that wait may hold. What several have in common, as lists of a live query do, counts once; a single
   * item may hold more. A positive integer; default 64 MiB.
   */
  readonly limitBytes?: number;
}

/**
 * An Observable as something `for await` can walk. Each iteration subscribes when it begins and unsubscribes when it
 * is left, also by `break` or an error. Items wait in a buffer of at most `limit` items and `limitBytes` bytes; when one arrives that has no
 * room, the source is let go at once, the items that wait are handed out, and the iteration then ends in `resync_required`. An error
 * of the source likewise arrives behind the items that came before it.
 *
 * @example
 * for await (const unread of toAsyncIterable(links.live({ where: { note: IsNull() } }))) {
 *   if (unread.length === 0) break;
 * }
 *
 * @throws DustError `invalid_options` when `source` is no Observable, for an unknown option, or a limit that is not a positive integer
 */
export function toAsyncIterable<T>(
  source: Observable<T>,
  options: AsyncIterableOptions = {},
): AsyncIterable<T> {
  if (!isObservable(source)) throw sourceNotObservable('toAsyncIterable()', 'an Observable', source);
  checkOptionNames('toAsyncIterable', options, OPTIONS);
  const bound = { count: positive('limit', options), bytes: positive('limitBytes', options) };
  return { [Symbol.asyncIterator]: () => new ObservableIterator(source, bound) };
}

function positive(name: keyof AsyncIterableOptions, options: AsyncIterableOptions): number {
  const value = options[name] ?? DEFAULTS[name];
  if (!Number.isInteger(value) || value < 1) throw invalidPositiveInteger(name, value);
  return value;
}

type Result<T> = IteratorResult<T, undefined>;

interface Buffered<T> {
  readonly value: T;
  /** What it was weighed with. */
  readonly bytes: number;
}

interface Waiter<T> {
  resolve(result: Result<T>): void;
  reject(error: unknown): void;
}

interface Failure {
  readonly error: unknown;
}

const DONE = { done: true, value: undefined } as const;

class ObservableIterator<T> implements AsyncIterator<T, undefined> {
  readonly #room: Budget;
  readonly #weigher = new ItemWeigher();
  /** Filled only while nobody waits, as `#waiters` is only while nothing is buffered. */
  readonly #buffer: Buffered<T>[] = [];
  readonly #waiters: Waiter<T>[] = [];
  #ended = false;
  /** Told once, to the first who asks after the buffer is empty. */
  #failure: Failure | undefined;
  readonly #subscription = new Subscription();

  constructor(source: Observable<T>, bound: Bound) {
    this.#room = new Budget(bound);
    this.#subscription.add(
      source.subscribe({
        next: (value) => {
          this.#push(value);
        },
        error: (error: unknown) => {
          this.#end({ error });
        },
        complete: () => {
          this.#end();
        },
      }),
    );
  }

  next(): Promise<Result<T>> {
    const item = this.#buffer.shift();
    if (item !== undefined) {
      this.#room.give(item.bytes);
      if (this.#buffer.length === 0) this.#weigher.forget();
      return Promise.resolve({ done: false, value: item.value });
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (this.#ended) this.#dismissWaiters();
    });
  }

  return(): Promise<Result<T>> {
    this.#end();
    this.#failure = undefined;
    this.#buffer.length = 0;
    return Promise.resolve(DONE);
  }

  #push(value: T): void {
    if (this.#ended) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value });
      return;
    }
    const bytes = this.#weigher.weigh(value);
    if (this.#room.takeOrAlone(bytes)) this.#buffer.push({ value, bytes });
    else this.#end({ error: iterationOverflow(this.#room) });
  }

  #end(failure?: Failure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#subscription.unsubscribe();
    this.#dismissWaiters();
  }

  #dismissWaiters(): void {
    for (const waiter of this.#waiters.splice(0)) {
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure === undefined) waiter.resolve(DONE);
      else waiter.reject(failure.error);
    }
  }
}
