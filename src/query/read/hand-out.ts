import { withoutProperties } from '../../mapping/index.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Query } from '../criteria/query.js';
import type { Selection } from '../criteria/select.js';
import { defaultSelection, leftOutBy } from '../criteria/select.js';
import type { LoadListener } from './load-listener.js';

/** Makes of a loaded entity the instance to hand out. */
export type HandOut = <T extends object>(entity: T) => T;

/**
 * What makes of a loaded entity the instance to hand out: it loses the properties that the selection leaves out. Only an entity that
 * nobody else looks at may go through it, and after everything that its record is judged by.
 */
export function handOut(metadata: EntityMetadata, selection: Selection): HandOut {
  const leftOut = leftOutBy(metadata, selection);
  return leftOut === undefined ? (entity) => entity : (entity) => withoutProperties(entity, leftOut);
}

/** Hands out the entities of one class, and tells those who listen. */
export class HandingOut<T extends object> {
  readonly #metadata: EntityMetadata<T>;
  readonly #loads: LoadListener | undefined;
  readonly #whole: HandOut;

  constructor(metadata: EntityMetadata<T>, loads: LoadListener | undefined) {
    this.#metadata = metadata;
    this.#loads = loads;
    this.#whole = handOut(metadata, defaultSelection(metadata));
  }

  /** An entity as a read hands it out that selects nothing. */
  whole(entity: T): T {
    return this.#whole(entity);
  }

  /** Whether {@link load} tells anybody just now. */
  get isListening(): boolean {
    return this.#loads?.isListening === true;
  }

  /** Tells those who listen of entities that are handed out. They are not to be seen before what it returns is done. */
  load(entities: readonly T[]): Promise<void> | undefined {
    return this.#loads?.load(entities);
  }

  /** What a query found, handed out. Of a read that goes before a write nobody is told: nobody sees what it found. */
  all({ select, forWrite }: Query<T>, found: readonly T[]): T[] | Promise<T[]> {
    const handedOut = handOut(this.#metadata, select);
    const entities = found.map((entity) => handedOut(entity));
    const loading = forWrite === true ? undefined : this.load(entities);
    return loading === undefined ? entities : loading.then(() => entities);
  }
}
