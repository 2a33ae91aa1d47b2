import type { ContextManager, Meter, Tracer } from '@opentelemetry/api';
import { metrics, trace } from '@opentelemetry/api';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, FLAG, orFalse, withMethods } from '../options/index.js';
import { contextStorage } from './context-storage.js';
import { measure } from './metrics.js';
import { traceOperations } from './operation-spans.js';

/** What {@link instrumentDust} may be told. */
export interface InstrumentDustOptions {
  /** What makes spans; `false` for none. Default: the registered provider's tracer `dust-orm`. */
  readonly tracer?: Tracer | false;
  /** What metrics are made of; `false` for none. Default: the registered provider's meter `dust-orm`. */
  readonly meter?: Meter | false;
  /**
   * What keeps the active span. Default: the registered one. Spans are active while their operations run where it is an
   * `AsyncLocalStorageContextManager`, or keeps its contexts in an `AsyncLocalStorage` called `storage`; with another one they have the right
   * parents, and no children.
   */
  readonly contextManager?: ContextManager;
  /** Whether spans of failed operations have the error, whose message may name a slug. Default true. */
  readonly recordExceptions?: boolean;
}

const OPTIONS: OptionNames<InstrumentDustOptions> = {
  tracer: true,
  meter: true,
  contextManager: true,
  recordExceptions: true,
};

const NAME = 'dust-orm';

/**
 * Makes spans and metrics of what all data sources of the process do, named by the semantic conventions for databases. Call it
 * once, when the SDK has started: a second one, while the first runs, makes spans and metrics of its own beside it, and ends by itself.
 *
 * @example
 * new NodeSDK().start();
 * const stop = instrumentDust();
 *
 * @returns what ends it; spans that are open then are not ended
 * @throws DustError `invalid_options` for an option that is unknown or has another value
 */
export function instrumentDust(options: InstrumentDustOptions = {}): () => void {
  checkOptionNames('instrumentDust', options, OPTIONS);
  checkOptionValues('instrumentDust', options, {
    tracer: orFalse(withMethods('startSpan')),
    meter: orFalse(withMethods('createHistogram', 'createCounter', 'createObservableGauge')),
    contextManager: withMethods('active', 'with', 'bind'),
    recordExceptions: FLAG,
  });
  const { tracer = trace.getTracer(NAME), meter = metrics.getMeter(NAME) } = options;
  const { contextManager, recordExceptions = true } = options;
  const endings: (() => void)[] = [];
  if (meter !== false) endings.push(measure(meter));
  if (tracer !== false) {
    endings.push(traceOperations({ tracer, storage: contextStorage(contextManager), recordExceptions }));
  }
  return () => {
    for (const end of endings.splice(0)) end();
  };
}
