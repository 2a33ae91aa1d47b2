import { assertNotAborted } from '../../abort-listener.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { LocalRecords } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { Plan } from '../plan/plan.js';
import type { LeafReader } from './leaf-pages.js';
import type { Fold, LocalOutcome } from './local-read.js';
import { readLocally, resultInTurns } from './local-read.js';
import { RecordSource } from './record-source.js';
import type { TurnBudget } from './turns.js';

/** A read of several records. */
export interface RecordsRead<R> {
  /** How they are looked for; without records, where none can be read in this process. */
  readonly plan: (records?: LocalRecords) => Plan;
  /** What takes in the records, from the beginning; with them where they are read in this process. */
  readonly fold: (plan: Plan, records?: LocalRecords) => Fold<R>;
  /** How many records are likely to be consumed. */
  readonly needed: number;
  readonly options: RequestOptions;
  /** Hears, at the end, by which plan it went and how many records it looked at. */
  readonly onDone?: ((plan: Plan, examined: number) => void) | undefined;
}

/** What reads of several records work with. */
export interface RecordReadsOptions {
  readonly transport: LeafReader;
  readonly metadata: EntityMetadata;
  readonly turns: TurnBudget;
  readonly onStray: (leaf: Leaf) => void;
}

/** Reads records of one class: in this process where the transport answers there, else by requests. */
export class RecordReads {
  readonly source: RecordSource;
  readonly #options: RecordReadsOptions;

  constructor(options: RecordReadsOptions) {
    this.#options = options;
    this.source = new RecordSource(options.transport, options.metadata);
  }

  /** How long a read may hold the event loop. */
  get turns(): TurnBudget {
    return this.#options.turns;
  }

  /** The records as they lie in this process; undefined where they take a request. */
  local(options: RequestOptions): LocalRecords | undefined {
    assertNotAborted(options.signal);
    return this.#options.transport.localRecords?.(this.#options.metadata.prefixPath, options);
  }

  /** The records as those who watch them are told of them; undefined where that is not in this process. */
  watched(options: RequestOptions): LocalRecords | undefined {
    return this.#options.transport.localRecords?.(this.#options.metadata.prefixPath, {
      ...options,
      asWatched: true,
    });
  }

  /** What the fold makes of the records. */
  async read<R>(read: RecordsRead<R>): Promise<R> {
    const outcome = await this.#locally(read);
    return outcome === undefined ? this.#byRequests(read) : outcome.result;
  }

  #locally<R>({ plan, fold, options, onDone }: RecordsRead<R>): Promise<LocalOutcome<R> | undefined> {
    const { turns, onStray } = this.#options;
    return readLocally({
      open: () => this.local(options),
      plan,
      fold,
      signal: options.signal,
      turns,
      onStray,
      onDone,
    });
  }

  async #byRequests<R>(read: RecordsRead<R>): Promise<R> {
    const { needed, options } = read;
    const { onStray } = this.#options;
    const plan = read.plan();
    const fold = read.fold(plan);
    let examined = 0;
    for await (const record of this.source.stream({ path: plan.path, needed, options, onStray })) {
      examined++;
      if (!fold.add(record)) break;
    }
    read.onDone?.(plan, examined);
    return resultInTurns(fold, this.turns, options.signal);
  }
}
