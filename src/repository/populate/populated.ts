import type { Query } from '../../query/index.js';
import type { EntityContext, EntityContexts } from '../entity-context.js';
import { fillReferences } from './fill-references.js';
import { populateLevels } from './populate-levels.js';

/** What is to be filled in, and what is seen of it. */
type Filling<T extends object> = Pick<Query<T>, 'populate' | 'seen'> & Partial<Pick<Query<T>, 'signal'>>;

/** A stream reads the targets of as many entities together. */
const STREAM_BATCH = 200;

/**
 * What a read gives, with the references filled in that its query names.
 *
 * @throws DustError `invalid_options`, `invalid_metadata` before it reads; what every read may meet
 */
export function populated<T extends object, R>(
  contexts: EntityContexts,
  context: EntityContext<T>,
  query: Filling<T>,
  read: () => Promise<R>,
  entitiesIn: (found: R) => readonly T[],
): Promise<R> {
  return query.populate === undefined ? read() : readAndFill(contexts, context, query, read, entitiesIn);
}

/** As {@link populated}, of what comes one by one: filled in by the batch. */
export async function* populatedStream<T extends object>(
  contexts: EntityContexts,
  context: EntityContext<T>,
  query: Query<T>,
): AsyncGenerator<T, void, undefined> {
  const entities = context.reader.stream(query);
  const fill = filling(contexts, context, query);
  if (fill === undefined) {
    yield* entities;
    return;
  }
  let batch: T[] = [];
  for await (const entity of entities) {
    if (batch.push(entity) < STREAM_BATCH) continue;
    await fill(batch);
    yield* batch;
    batch = [];
  }
  await fill(batch);
  yield* batch;
}

async function readAndFill<T extends object, R>(
  contexts: EntityContexts,
  context: EntityContext<T>,
  query: Filling<T>,
  read: () => Promise<R>,
  entitiesIn: (found: R) => readonly T[],
): Promise<R> {
  const fill = filling(contexts, context, query);
  const found = await read();
  await fill?.(entitiesIn(found));
  return found;
}

function filling<T extends object>(
  contexts: EntityContexts,
  context: EntityContext<T>,
  { populate, seen, signal }: Filling<T>,
): ((entities: readonly T[]) => Promise<void>) | undefined {
  if (populate === undefined) return undefined;
  const levels = populateLevels(contexts, context, populate);
  const options = signal === undefined ? {} : { signal };
  return (entities) => fillReferences(levels, entities, seen, options);
}
