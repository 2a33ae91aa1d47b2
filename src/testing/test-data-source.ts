import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { Clock } from '../clock.js';
import type { DataSourceOptions } from '../data-source/index.js';
import { DATA_SOURCE_OPTIONS, DataSource } from '../data-source/index.js';
import type { DustErrorKind } from '../errors.js';
import type { EntityTarget, RecordSource } from '../repository/index.js';
import type { WriteReceipt } from '../transport/transport.js';
import type { EmittedRawOperation, EmittedRecordOperation } from './emitted-operation.js';
import { checkSeed } from './check-seed.js';
import { encodeOperation } from './encode-operation.js';
import { operationMissing, unknownOperation } from './errors.js';
import type { Likeness } from './likeness.js';
import { servedWay } from './likeness.js';
import type { FailNextOptions } from './planned-failures.js';
import { PlannedFailures } from './planned-failures.js';
import type { Seed, SeedOf } from './seed.js';
import { TestClock } from './test-clock.js';
import { TestTransports } from './test-transports.js';

/** Those of production may be passed on as they are: where the store lies is passed over. */
const OPTIONS: OptionNames<TestDataSourceOptions> = { ...DATA_SOURCE_OPTIONS, like: true };

const SEEDED_OPTIONS: OptionNames<CreateTestDataSourceOptions<readonly object[]>> = {
  ...OPTIONS,
  seed: true,
};

const OPERATIONS: ReadonlySet<string> = new Set([
  'set',
  'merge',
  'delete',
  'increment',
  'add',
  'remove',
] satisfies EmittedRawOperation['op'][]);

/** Options of a data source, less what a test has no use for: its store is always in memory. */
export interface TestDataSourceOptions extends Omit<DataSourceOptions, 'path' | 'transport'> {
  /**
   * Which way of production to the store the data source has, with all that it can do and cannot, and the faults of the
   * servers there. For any other than `memory` a server of this package runs in this process, on a free port of loopback,
   * as long as the data source is open. Default `memory`.
   */
  readonly like?: Likeness;
  /** A {@link TestClock} is shared with other parts of the test; else the data source has one of its own. */
  readonly clock?: Clock;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Also a clock of the other module format's copy of this package. */
function isTestClock(clock: Clock | undefined): clock is TestClock {
  return clock !== undefined && 'advance' in clock;
}

/** Options of {@link createTestDataSource}. */
export interface CreateTestDataSourceOptions<E extends readonly object[]> extends TestDataSourceOptions {
  /** Records to begin with, class by class: `[[Link, [{ slug: 'dust', title: 'Dust' }]]]`. */
  readonly seed?: Seed<E>;
}

/**
 * A data source for tests: the real thing on a store in memory, with its time, its other writers and its failures in
 * the test's hands; on request over a server, `like` production. Goes wherever a {@link DataSource} is expected.
 */
export class TestDataSource extends DataSource {
  /**
   * The time of leases, time stamps and waits. Stands still until `clock.advance(ms)`. What a connection to a server takes,
   * such as timeouts, goes by the machine's.
   */
  readonly clock: TestClock;
  readonly #failures: PlannedFailures;
  readonly #transports: TestTransports;

  /** @throws DustError `invalid_options` as {@link DataSource} does, and for a `like` that is none */
  constructor(given: TestDataSourceOptions) {
    checkOptionNames('TestDataSource', given, OPTIONS);
    const { like, ...options } = given;
    const way = servedWay(like);
    const clock = isTestClock(options.clock) ? options.clock : new TestClock();
    const failures = new PlannedFailures();
    const transports = new TestTransports({ options, way, clock, failures });
    super({ ...options, clock, transport: transports.create });
    this.clock = clock;
    this.#failures = failures;
    this.#transports = transports;
  }

  /**
   * Writes records as `insertMany` does, validated.
   *
   * @throws BulkInsertError naming the record that stopped it
   */
  async seed<T extends object>(entity: EntityTarget<T>, records: RecordSource<NoInfer<T>>): Promise<void> {
    await this.getRepository(entity).insertMany(records);
  }

  /**
   * Makes an operation as if another writer had made it: `events()` then tell of it with `own: false`, before this
   * resolves, also over a channel. Over HTTP alone there is nobody to tell. Planned failures do not concern it.
   *
   * @example
   * await dust.emit({ op: 'merge', entity: Link, slug: 'dust', value: { note: 'from elsewhere' } });
   * await dust.emit({ op: 'delete', path: 'reading/links' });
   *
   * @throws DustError `invalid_criteria`, `invalid_value`, `invalid_params`
   */
  emit<T extends object>(operation: EmittedRecordOperation<T>): Promise<WriteReceipt>;
  emit(operation: EmittedRawOperation): Promise<WriteReceipt>;
  async emit<T extends object>(
    operation: EmittedRecordOperation<T> | EmittedRawOperation,
  ): Promise<WriteReceipt> {
    if (!isObject(operation)) throw operationMissing(operation);
    if (!OPERATIONS.has(operation.op)) throw unknownOperation(operation.op, [...OPERATIONS]);
    if ('path' in operation) return this.#transports.emit(this.transport, operation);
    const { mapper, transport } = this.manager.contexts.contextOf(operation.entity);
    return this.#transports.emit(transport, encodeOperation(mapper, operation));
  }

  /**
   * Makes the next call to the store fail with this kind. By default nothing is written; with `afterCommit` the write
   * is committed and only its answer lost. One call of a repository may take several calls of the store, and other ones
   * over other ways: name the `method` where that matters, best as `'read'` or `'write'`.
   *
   * @example
   * dust.failNext('rate_limited', { details: { retryAfter: 2 } });
   * await expect(service.add(link)).rejects.toThrow(ServiceUnavailable);
   *
   * @returns what calls the failure off
   * @throws DustError `invalid_options`
   */
  failNext(kind: DustErrorKind, options?: FailNextOptions): () => void {
    return this.#failures.add(kind, options);
  }

  /** How many planned failures have not happened yet: 0 at the end of a test that met all of them. */
  get pendingFailures(): number {
    return this.#failures.remaining;
  }
}

/**
 * An initialised {@link TestDataSource}. `await dataSource.destroy()`, or `await using`, lets it go.
 *
 * @example
 * const dust = await createTestDataSource({ entities: [Link], seed: [[Link, [{ slug: 'dust', title: 'Dust' }]]] });
 * const service = new LinkService(dust.getRepository(Link));
 *
 * @throws BulkInsertError for a seed that cannot be written; DustError as {@link DataSource.initialize} does, and
 * `invalid_options` for an unknown option
 */
export async function createTestDataSource<E extends readonly object[]>(
  options: CreateTestDataSourceOptions<E>,
): Promise<TestDataSource> {
  checkOptionNames('createTestDataSource', options, SEEDED_OPTIONS);
  const { seed, ...dataSourceOptions } = options;
  checkSeed(seed);
  const dataSource = new TestDataSource(dataSourceOptions);
  await dataSource.initialize();
  try {
    const groups: readonly SeedOf<object>[] = seed ?? [];
    for (const [entity, records] of groups) await dataSource.seed(entity, records);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}
