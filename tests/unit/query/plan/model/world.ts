import { systemClock } from '../../../../../src/clock.js';
import { DataSource } from '../../../../../src/data-source/index.js';
import { silentLogger } from '../../../../../src/logging.js';
import { createEntityMapper } from '../../../../../src/mapping/index.js';
import { buildEntityMetadata } from '../../../../../src/metadata/build-entity-metadata.js';
import type { EntityMetadata } from '../../../../../src/metadata/types.js';
import { RecordReader } from '../../../../../src/query/index.js';
import type { TurnBudget } from '../../../../../src/query/read/turns.js';
import type { Repository } from '../../../../../src/repository/index.js';
import type { Transport } from '../../../../../src/transport/transport.js';
import type { Draw } from './draw.js';
import { SCOPES } from './implied.js';
import { isOrderable, LEAVES } from './leaves.js';
import type { Row, RowShape } from './row-class.js';
import { defineRow } from './row-class.js';
import { Borrowed, ByListings, WithoutIndexes } from './ways.js';

/** Readers that must find the same. */
export interface Readers {
  /** As the library reads. */
  readonly planned: RecordReader<Row>;
  /** In many short turns, in between which indexes come and go. */
  readonly interrupted: RecordReader<Row>;
  readonly unindexed: RecordReader<Row>;
  readonly listed: RecordReader<Row>;
}

const INDEXABLE = LEAVES.filter(isOrderable).map(({ name }) => name);

/** Some indexes, most of them of several parts. */
export function anyIndexes(draw: Draw): string[][] {
  const indexes = Array.from({ length: draw.int(5) }, () => draw.some(INDEXABLE, 1, 3));
  const distinct = new Map(indexes.map((parts) => [parts.join(), parts]));
  return [...distinct.values()];
}

/** Some more, with the time of deletion among their parts. */
function withDeletion(draw: Draw, indexes: readonly string[][]): string[][] {
  const some: string[][] = [
    ['del'],
    ['del', 'int'],
    ['str', 'del'],
    ...indexes.map((parts) => [...parts.slice(0, 2), 'del']),
  ];
  const distinct = new Map(draw.some(some, 0, 3).map((parts) => [parts.join(), parts]));
  return [...distinct.values()];
}

/** Rows in a store, and several ways of reading them. */
export class World {
  readonly #draw: Draw;
  readonly #soft: Draw | undefined;
  readonly #transport: Transport;
  readonly #shape: Omit<RowShape, 'indexes' | 'hasNestedIndex'>;
  #current!: DataSource;
  readonly isSoft: boolean;
  readonly byDefault: readonly string[];
  indexes: string[][] = [];
  rows!: Repository<Row>;
  metadata!: EntityMetadata<Row>;
  readers!: Readers;

  /** `soft` draws what classes imply, where rows can be deleted softly. */
  constructor(draw: Draw, transport: Transport, prefix: readonly string[], soft?: Draw) {
    this.#draw = draw;
    this.#soft = soft;
    this.isSoft = soft !== undefined;
    this.byDefault = soft?.percent(40) === true ? soft.some(Object.keys(SCOPES), 1, 2) : [];
    this.#transport = transport;
    this.#shape = { prefix, mode: draw.of(['flat', 'map']) };
  }

  get transport(): Transport {
    return this.#transport;
  }

  get prefix(): string {
    return this.#shape.prefix.join('/');
  }

  /** Opens another data source on the same store, with other indexes. */
  async redefine(): Promise<void> {
    this.indexes = anyIndexes(this.#draw);
    const { isSoft, byDefault } = this;
    if (this.#soft !== undefined) this.indexes.push(...withDeletion(this.#soft, this.indexes));
    const entity = defineRow({
      ...this.#shape,
      indexes: this.indexes,
      isSoft,
      byDefault,
      hasNestedIndex: this.#draw.percent(20),
    });
    const before = this.#current as DataSource | undefined;
    this.#current = new DataSource({
      entities: [entity],
      transport: new Borrowed(this.#transport),
      logger: silentLogger,
      validation: false,
    });
    await this.#current.initialize();
    await before?.destroy();
    this.rows = this.#current.getRepository(entity);
    const { mapper, metadata } = mapperOf(buildEntityMetadata(entity));
    this.metadata = metadata;
    const over = (transport: Transport, turns?: TurnBudget): RecordReader<Row> =>
      new RecordReader({ transport, mapper, logger: silentLogger, ...(turns !== undefined && { turns }) });
    const own = this.#transport;
    this.readers = {
      planned: over(own),
      interrupted: over(own, this.#interruptions()),
      unindexed: over(new WithoutIndexes(own)),
      listed: over(new ByListings(own)),
    };
  }

  /** A reader with turns of its own. */
  reader(turns: TurnBudget): RecordReader<Row> {
    const { mapper } = mapperOf(this.metadata);
    return new RecordReader({ transport: this.#transport, mapper, logger: silentLogger, turns });
  }

  close(): Promise<void> {
    return this.#current.destroy();
  }

  #interruptions(): TurnBudget {
    const draw = this.#draw;
    return {
      begin: () => () => draw.percent(40),
      pause: async () => {
        if (!draw.percent(4)) return;
        const all = this.metadata.indexes.map(({ definition }) => definition);
        await this.#transport.useIndexes?.(this.prefix, draw.some(all, 0, all.length));
      },
    };
  }
}

function mapperOf(metadata: EntityMetadata<Row>) {
  const mapper = createEntityMapper(metadata, { clock: systemClock, classTransformer: undefined });
  return { mapper, metadata: mapper.metadata };
}
