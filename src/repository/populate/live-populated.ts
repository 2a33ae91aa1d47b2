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
  return new Observable((subscriber) => {
    const failed = (error: unknown): void => {
      subscriber.error(error);
    };
    let latest: readonly T[] | undefined;
    /** What has been shown of the latest list; undefined while nothing has. */
    let shown: readonly object[] | undefined;
    let isScheduled = false;
    /** The last of the lists that are to be seen when all that is in them has been loaded. */
    let telling: Promise<unknown> | undefined;
    const tell = (list: readonly T[]): void => {
      const loading = population.takeLoading();
      if (telling === undefined && loading === undefined) {
        subscriber.next(list);
        return;
      }
      const told = Promise.all([telling, loading]).then(() => {
        if (telling === told) telling = undefined;
        subscriber.next(list);
      });
      telling = told;
      told.catch(failed);
    };
    const show = (): void => {
      isScheduled = false;
      if (subscriber.closed || latest === undefined) return;
      const filled = population.fill(latest);
      if (filled === undefined || !isDifferent(filled, shown)) return;
      shown = filled;
      tell(filled as readonly T[]);
    };
    const changed = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(() => {
        try {
          show();
        } catch (error) {
          failed(error);
        }
      });
    };
    const followed = { root, levels, handOut: handedOut, seen: query.seen };
    const population = new LivePopulation(followed, { changed, failed });
    subscriber.add(() => {
      population.close();
    });
    subscriber.add(
      list$.subscribe({
        next: (list) => {
          latest = list;
          shown = undefined;
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
