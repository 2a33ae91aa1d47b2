import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { Observable } from 'rxjs';
import { isObservable, Subscription } from 'rxjs';
import { invalidPositiveInteger, iterationOverflow, sourceNotObservable } from './errors.js';

const OPTIONS: OptionNames<AsyncIterableOptions> = { limit: true };

/** How {@link toAsyncIterable} buffers. */
export interface AsyncIterableOptions {
  /** The most items that wait to be taken. A positive integer; default 1000. */
  readonly limit?: number;
}

/**
 * An Observable as something `for await` can walk. Each iteration subscribes when it begins and unsubscribes when it
 * is left, also by `break` or an error. Items wait in a buffer of at most `limit`; when one more arrives, the source
 * is let go at once, the items that wait are handed out, and the iteration then ends in `resync_required`. An error
 * of the source likewise arrives behind the items that came before it.
 *
 * @example
 * for await (const unread of toAsyncIterable(links.live({ where: { note: IsNull() } }))) {
 *   if (unread.length === 0) break;
 * }
 *
 * @throws DustError `invalid_options` when `source` is no Observable, for an unknown option, or `limit` not a positive integer
 */
export function toAsyncIterable<T>(
  source: Observable<T>,
  options: AsyncIterableOptions = {},
): AsyncIterable<T> {
  if (!isObservable(source)) throw sourceNotObservable('toAsyncIterable()', 'an Observable', source);
  checkOptionNames('toAsyncIterable', options, OPTIONS);
  const limit = options.limit ?? 1000;
  if (!Number.isInteger(limit) || limit < 1) throw invalidPositiveInteger('limit', limit);
  return { [Symbol.asyncIterator]: () => new ObservableIterator(source, limit) };
}

type Result<T> = IteratorResult<T, undefined>;

interface Waiter<T> {
  resolve(result: Result<T>): void;
  reject(error: unknown): void;
}

interface Failure {
  readonly error: unknown;
}

const DONE = { done: true, value: undefined } as const;

class ObservableIterator<T> implements AsyncIterator<T, undefined> {
  readonly #limit: number;
  /** Filled only while nobody waits, as `#waiters` is only while nothing is buffered. */
  readonly #buffer: Result<T>[] = [];
  readonly #waiters: Waiter<T>[] = [];
  #ended = false;
  /** Told once, to the first who asks after the buffer is empty. */
  #failure: Failure | undefined;
  readonly #subscription = new Subscription();

  constructor(source: Observable<T>, limit: number) {
    this.#limit = limit;
    this.#subscription.add(
      source.subscribe({
        next: (value) => {
          this.#push({ done: false, value });
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
    if (item !== undefined) return Promise.resolve(item);
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

  #push(item: Result<T>): void {
    if (this.#ended) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) waiter.resolve(item);
    else if (this.#buffer.length < this.#limit) this.#buffer.push(item);
    else this.#end({ error: iterationOverflow(this.#limit) });
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
