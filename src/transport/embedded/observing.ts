import { Observable, distinctUntilChanged, filter, map, of, startWith, switchMap, takeWhile } from 'rxjs';
import { Pattern } from '../../protocol/paths/pattern.js';
import type { Store } from '../../store/index.js';
import type { TransportStatus } from '../transport.js';
import type { ConnectionState, StoreConnection } from './store-connection.js';

const EVERYTHING = Pattern.parse('**');

/**
 * A cold Observable of what a store tells its listeners. `listen` begins to listen and returns what ends it. Subscribing
 * fails as a request would; a subscription completes when the connection closes.
 */
export function fromStore<T>(
  connection: StoreConnection,
  listen: (store: Store, listener: (item: T) => void) => () => void,
): Observable<T> {
  return new Observable((subscriber) => {
    const stop = listen(connection.store, (item) => {
      subscriber.next(item);
    });
    subscriber.add(stop);
    const closed$ = connection.states$.pipe(filter(({ name }) => name === 'closed'));
    subscriber.add(
      closed$.subscribe(() => {
        subscriber.complete();
      }),
    );
  });
}

/** The present status, then each change of it, of which every commit is one; completes with `closed`. */
export function statusOf(connection: StoreConnection, readsFrom: string): Observable<TransportStatus> {
  return connection.states$.pipe(
    switchMap((state) =>
      seqIn(state).pipe(map((storeSeq): TransportStatus => ({ state: state.name, readsFrom, storeSeq }))),
    ),
    distinctUntilChanged((a, b) => a.state === b.state && a.storeSeq === b.storeSeq),
    takeWhile(({ state }) => state !== 'closed', true),
  );
}

function seqIn(state: ConnectionState): Observable<number> {
  if (state.name === 'connecting') return of(0);
  if (state.name === 'closed') return of(state.storeSeq);
  const { store } = state;
  const committed$ = new Observable<number>((subscriber) =>
    store.watch(EVERYTHING, ({ last }) => {
      subscriber.next(last);
    }),
  );
  return committed$.pipe(startWith(store.status().storeSeq));
}
