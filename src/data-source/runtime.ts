import { ReplaySubject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ClassTransformer } from '../mapping/index.js';
import {
  createEntityMapper,
  createUncheckedValidator,
  createValidator,
  loadClassTransformer,
  loadClassValidator,
} from '../mapping/index.js';
import type { EntityClass, EntityMetadata } from '../metadata/index.js';
import { RecordReader } from '../query/index.js';
import { LiveLists } from '../realtime/index.js';
import type { EntityContext, EntityManager, EntitySubscriberInterface } from '../repository/index.js';
import { Lifecycle, MissingTargets, SharedLists, slugMakerOf } from '../repository/index.js';
import type { Transport } from '../transport/transport.js';
import { buildEntities } from './build-entities.js';
import { openTransports } from './open-transports.js';
import type { OpenTransports } from './open-transports.js';
import type { ResolvedOptions } from './resolve-options.js';
import { useIndexes } from './use-indexes.js';

/** What is open while a data source is initialised. */
export interface Runtime {
  readonly contexts: ReadonlyMap<EntityClass, EntityContext<object>>;
  /** The way to the data source's own store. */
  readonly transport: Transport;
  /** The ways to the stores of entities that name one of their own, by its name. */
  readonly others: ReadonlyMap<string, Transport>;
  /** Completes all live subscriptions, and those that are made later. */
  endSubscriptions(): void;
  close(): Promise<void>;
}

/** Those who are told of what happens to entities, and what they are given to read and write. */
export interface Listening {
  readonly subscribers: readonly EntitySubscriberInterface[];
  readonly manager: EntityManager;
}

/**
 * Checks all entity classes, opens the stores they lie in, and has their indexes built.
 *
 * @throws EntityMetadataError; DustError `invalid_metadata`, `invalid_options`, or what a transport throws when it cannot be opened or indexed. Nothing stays open then.
 */
export async function openRuntime(options: ResolvedOptions, listening: Listening): Promise<Runtime> {
  const entities = buildEntities(options);
  const classTransformer = await loadClassTransformer(entities);
  if (options.validation !== false) await loadClassValidator(entities, options.validation);
  const compiled = entities.map((metadata) => compile(metadata, classTransformer, options));
  const transports = await openTransports(options, entities);
  await indexOrClose(compiled, transports, options);
  const ending = new ReplaySubject<undefined>(1);
  const contexts = compiled.map((entity) =>
    createContext(entity, { ...listening, transports, ending$: ending }, options),
  );
  return {
    contexts: new Map(contexts.map((context) => [context.metadata.target, context])),
    transport: transports.of(options.store),
    others: transports.besides(options.store),
    endSubscriptions: () => {
      ending.next(undefined);
    },
    close: () => {
      for (const { reader } of contexts) reader.close();
      return transports.close();
    },
  };
}

type CompiledEntity = Pick<EntityContext<object>, 'metadata' | 'mapper' | 'validator'>;

function compile(
  metadata: EntityMetadata,
  classTransformer: ClassTransformer | undefined,
  { clock, validation }: ResolvedOptions,
): CompiledEntity {
  const mapper = createEntityMapper(metadata, { clock, classTransformer });
  return {
    metadata: mapper.metadata,
    mapper,
    validator:
      validation === false ? createUncheckedValidator(metadata) : createValidator(metadata, validation),
  };
}

async function indexOrClose(
  entities: readonly CompiledEntity[],
  transports: OpenTransports,
  options: ResolvedOptions,
): Promise<void> {
  const placed = entities.map(({ metadata }) => ({
    metadata,
    transport: transports.of(metadata.store ?? options.store),
  }));
  try {
    await useIndexes(placed, options);
  } catch (error) {
    await transports.close().catch(() => undefined);
    throw error;
  }
}

/** What the contexts of all entities are made with. */
interface Surroundings extends Listening {
  readonly transports: OpenTransports;
  readonly ending$: Observable<unknown>;
}

function createContext(
  entity: CompiledEntity,
  { transports, ending$, subscribers, manager }: Surroundings,
  { clock, logger, observer, onInvalidRecord, scanWarning, store }: ResolvedOptions,
): EntityContext<object> {
  const transport = transports.of(entity.metadata.store ?? store);
  const { mapper } = entity;
  const invalid = onInvalidRecord === undefined ? {} : { onInvalidRecord };
  const lifecycle = new Lifecycle({ mapper, subscribers, manager });
  const reader = new RecordReader({
    transport,
    mapper,
    logger,
    scanWarning,
    clock,
    loads: lifecycle,
    ...invalid,
  });
  const missing = new MissingTargets(entity.metadata, logger);
  const watched = { ...entity, transport, reader, clock, observer, ending$, missing };
  return {
    ...watched,
    lists: new LiveLists(watched),
    populatedLists: new SharedLists<object>(),
    makeSlug: slugMakerOf(entity.metadata, clock),
    // Subscribers come and go.
    get lifecycle() {
      return lifecycle.isNeeded ? lifecycle : undefined;
    },
  };
}
