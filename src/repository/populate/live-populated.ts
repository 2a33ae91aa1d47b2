import { Observable } from 'rxjs';
import type { Query } from '../../query/index.js';
import { handOut } from '../../query/index.js';
import type { EntityContext, EntityContexts } from '../entity-context.js';
import { LivePopulation } from './live-population.js';
import { populateLevels } from './populate-levels.js';

/**
 * The lists of a live query with the references filled in that it names: a new one whenever the list changes, or a record that it shows by
 * a reference. Changes that become known together, of whatever class, make one. Records that did not change, and whose targets did not,
 * are the same instances.
 *
 * @throws DustError `invalid_options`, `invalid_metadata` at once
 */
export function livePopulated<T extends object>(
  contexts: EntityContexts,
  { metadata }: EntityContext<T>,
  query: Query<T>,
  list$: Observable<T[]>,
): Observable<readonly T[]> {
  const root = contexts.contextOf<object>(metadata.target);
  const levels = query.populate === undefined ? [] : populateLevels(contexts, { metadata }, query.populate);
  const handedOut = handOut(metadata, query.select);
  const another = (entity: object): object | undefined => {
    const record = root.mapper.recordOf(entity);
    const admitted = record && root.reader.admit(record);
    return admitted && handedOut(admitted);
  };
  return new Observable((subscriber) => {
    let latest: readonly T[] | undefined;
    let shown: readonly object[] | undefined;
    let isNew = false;
    let isScheduled = false;
    const show = (): void => {
      isScheduled = false;
      if (subscriber.closed || latest === undefined) return;
      const filled = population.fill(latest);
      if (filled === undefined || !(isNew || isDifferent(filled, shown))) return;
      isNew = false;
      shown = filled;
      subscriber.next(filled as readonly T[]);
    };
    const changed = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(() => {
        try {
          show();
        } catch (error) {
          subscriber.error(error);
        }
      });
    };
    const failed = (error: unknown): void => {
      subscriber.error(error);
    };
    const population = new LivePopulation(root, levels, another, { changed, failed });
    subscriber.add(() => {
      population.close();
    });
    subscriber.add(
      list$.subscribe({
        next: (list) => {
          latest = list;
          isNew = true;
          changed();
        },
        error: failed,
        complete: () => {
          subscriber.complete();
        },
      }),
    );
  });
}

function isDifferent(filled: readonly object[], shown: readonly object[] | undefined): boolean {
  return filled.length !== shown?.length || filled.some((entity, i) => entity !== shown[i]);
}
