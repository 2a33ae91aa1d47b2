import type { Clock } from '../clock.js';
import { monotonicOf } from '../clock.js';
import type { Logger } from '../logging.js';
import type { EntityIndex, EntityMetadata } from '../metadata/types.js';
import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';
import type { Transport } from '../transport/transport.js';
import { paceOf, workText } from '../work-pace.js';
import { indexingFailed } from './errors.js';

/** An entity and the way to the store it lies in. */
export interface PlacedEntity {
  readonly metadata: EntityMetadata;
  readonly transport: Transport;
}

interface Progress {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a transport is asked for in one go: the records of one prefix, for all entities that have it. */
interface Wish {
  readonly transport: Transport;
  readonly prefix: Path;
  readonly entities: readonly EntityMetadata[];
}

/** Milliseconds. */
const BETWEEN_LINES = 1000;

/**
 * Has the records of all entities indexed as their classes declare, one prefix after the other. An entity without indexes is asked
 * for, too, so that those it had are dropped. Resolves when all can be read.
 *
 * @throws DustError what building them meets, with the name of the class
 */
export async function useIndexes(entities: readonly PlacedEntity[], progress: Progress): Promise<void> {
  for (const { transport, prefix, entities: sharing } of wishesOf(entities)) {
    // One that has none yet may come to have them, and then knows what is asked for.
    if (transport.useIndexes === undefined) continue;
    const definitions = sharing.flatMap(({ indexes }) => indexes.map(({ definition }) => definition));
    try {
      await transport.useIndexes(prefix, definitions, {
        beside: true,
        onProgress: teller(sharing, progress),
      });
    } catch (error) {
      throw indexingFailed(sharing, error);
    }
  }
}

function wishesOf(entities: readonly PlacedEntity[]): Wish[] {
  const wishes: { transport: Transport; prefix: Path; entities: EntityMetadata[] }[] = [];
  for (const { metadata, transport } of entities) {
    const same = wishes.find(
      ({ transport: its, prefix }) => its === transport && prefix === metadata.prefixPath,
    );
    if (same === undefined) wishes.push({ transport, prefix: metadata.prefixPath, entities: [metadata] });
    else same.entities.push(metadata);
  }
  return wishes;
}

/** Writes a line at most every second, however often it is called. */
function teller(
  entities: readonly EntityMetadata[],
  { clock, logger }: Progress,
): (definition: IndexDefinition, records: number, total?: number) => void {
  let last = monotonicOf(clock);
  // Where the build was seen first: another one begins with fewer records.
  let begun = { at: last, records: Infinity };
  return (definition, records, total) => {
    const now = monotonicOf(clock);
    if (records < begun.records) begun = { at: now, records };
    if (now - last < BETWEEN_LINES) return;
    last = now;
    const { entity, index } = declarationOf(definition, entities);
    const by = (index?.properties ?? definition.parts.map(({ path }) => path)).join(', ');
    const rest = total === undefined ? undefined : total - records;
    const pace = paceOf(records - begun.records, now - begun.at, rest);
    logger.info(
      `indexing ${entity} by ${by}: ${workText({ done: records, total, unit: 'records', ...pace })}`,
      { entity, index: by, records, total, ...pace },
    );
  };
}

function declarationOf(
  definition: IndexDefinition,
  entities: readonly EntityMetadata[],
): { readonly entity: string; readonly index?: EntityIndex } {
  for (const { name, indexes } of entities) {
    const index = indexes.find(
      (each) => each.definition === definition || isSame(each.definition, definition),
    );
    if (index !== undefined) return { entity: name, index };
  }
  return { entity: entities.map(({ name }) => name).join(' and ') };
}

/** A transport may hand back a definition of its own that says the same. */
function isSame(a: IndexDefinition, b: IndexDefinition): boolean {
  return a.parts.length === b.parts.length && a.parts.every(({ path }, i) => path === b.parts[i]?.path);
}
