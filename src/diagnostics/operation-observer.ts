import type { Clock } from '../clock.js';
import { monotonicOf } from '../clock.js';
import type { Logger } from '../logging.js';
import { operations } from './channels.js';
import type {
  DustOperation,
  DustOperationMessage,
  DustOperationRead,
  DustOperationResult,
} from './messages.js';
import { traceIteration } from './trace-iteration.js';

/** What an {@link OperationObserver} goes by. */
export interface OperationObserverOptions {
  /** The name of the data source. */
  readonly dataSource: string;
  /** The data source's own store. */
  readonly store: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** An operation that takes more milliseconds is warned about; undefined: none is. */
  readonly slowOperationThreshold: number | undefined;
}

/** What is known of an operation before it begins. `store` is undefined for the data source's own. */
export type OperationSubject = Pick<
  DustOperationMessage,
  'operation' | 'entity' | 'prefix' | 'slug' | 'count'
> & { readonly store: string | undefined };

/** Their time is that of the code they call, and says nothing of the store. */
const UNTIMED: ReadonlySet<DustOperation> = new Set(['insertMany', 'singleFlight']);

/** Tells of the operations of one data source: on the tracing channel, and in a warning when one is slow. */
export class OperationObserver {
  readonly #options: OperationObserverOptions;

  constructor(options: OperationObserverOptions) {
    this.#options = options;
  }

  /** Whether anybody would hear of an operation that begins now. When not, it costs nothing but this question. */
  get isNeeded(): boolean {
    return this.#options.slowOperationThreshold !== undefined || operations.hasSubscribers;
  }

  /** Whether the tracing channel has subscribers. */
  get isTracing(): boolean {
    return operations.hasSubscribers;
  }

  /** Runs an operation, which may say how it reads, and tells of it. `countOf` counts the records in what it came to. */
  async observe<R>(
    subject: OperationSubject,
    run: (onRead: (read: DustOperationRead) => void) => Promise<R>,
    countOf?: (outcome: R) => number,
  ): Promise<R> {
    const { clock } = this.#options;
    const message = this.#messageOf(subject);
    const started = monotonicOf(clock);
    const onRead = (read: DustOperationRead): void => {
      message.read = read;
    };
    let outcome!: R;
    // Node puts what the traced function resolves to on the message: the count, and not the records.
    const counted = async (): Promise<DustOperationResult> => {
      outcome = await run(onRead);
      return { records: countOf?.(outcome) };
    };
    try {
      const { records } = await operations.tracePromise(counted, message);
      this.#warnIfSlow(message, Math.round(monotonicOf(clock) - started), { verb: 'took', records });
      return outcome;
    } catch (error) {
      this.#warnIfSlow(message, Math.round(monotonicOf(clock) - started), {
        verb: 'failed after',
        records: message.count,
      });
      throw error;
    }
  }

  /** Tells of an operation that answers one record after the other, from the first that is asked for to the end. */
  iterate<T>(
    subject: OperationSubject,
    run: () => AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T, void, undefined> {
    return traceIteration(this.#messageOf(subject), run);
  }

  #messageOf({ store, ...subject }: OperationSubject): DustOperationMessage {
    const { store: own, dataSource } = this.#options;
    return { ...subject, store: store ?? own, dataSource };
  }

  #warnIfSlow(
    { operation, entity, store, dataSource, read }: DustOperationMessage,
    duration: number,
    { verb, records }: { readonly verb: string; readonly records: number | undefined },
  ): void {
    const { slowOperationThreshold: threshold = Infinity, logger } = this.#options;
    if (duration <= threshold || UNTIMED.has(operation)) return;
    const what = entity === undefined ? operation : `${operation} ${entity}`;
    const unit = operation === 'batch' ? 'operation' : 'record';
    const size = records === undefined ? '' : ` (${records} ${unit}${records === 1 ? '' : 's'})`;
    logger.warn(
      `${what} ${verb} ${duration} ms${size}, more than the ${threshold} ms of slowOperationThreshold` +
        (read === undefined ? '' : `: ${describe(read)}`),
      { operation, entity, store, dataSource, duration, records, ...read },
    );
  }
}

function describe({ path, index, examined }: DustOperationRead): string {
  const by = index === undefined ? path : `${path} ${index}`;
  return `${by}, ${examined} record${examined === 1 ? '' : 's'} looked at`;
}
