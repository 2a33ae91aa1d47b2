import type { Observable } from 'rxjs';
import type { Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';

/** The live lists of one entity class. */
export interface ObservableLists<T extends object> {
  /**
   * The list of a query now, then after each change of it. Queries with the same `key` share one; one without a key is by itself.
   * `call` names the method to those who watch where nothing can be watched.
   */
  observe(query: Query<T>, key: string | undefined, call: string): Observable<T[]>;
}

/** What the Observables of one entity are built from, with the class's live lists, which are built from it. */
export interface LiveContext<T extends object> extends RealtimeContext<T> {
  readonly lists: ObservableLists<T>;
}
