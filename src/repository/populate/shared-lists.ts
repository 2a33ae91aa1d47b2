import { asapScheduler, finalize, map, Observable, observeOn, ReplaySubject, share } from 'rxjs';

/** Lists that are under way, by what equal queries find them by, of each of their owners. */
const underWay = new WeakMap<object, Map<string, Observable<readonly unknown[]>>>();

/**
 * The same lists for all who ask for them with the same key, for as long as somebody does: each an array of its own, of the same entities.
 * Who comes later sees the latest a moment after having subscribed. Without a key they are shared with nobody.
 */
export function sharedLists<T>(
  owner: object,
  key: string | undefined,
  list$: Observable<readonly T[]>,
): Observable<T[]> {
  const copied = map((list: readonly T[]) => [...list]);
  if (key === undefined) return list$.pipe(copied);
  return new Observable((subscriber) => {
    let byKey = underWay.get(owner);
    if (byKey === undefined) underWay.set(owner, (byKey = new Map()));
    const present = byKey.get(key) as Observable<readonly T[]> | undefined;
    if (present !== undefined) return present.pipe(observeOn(asapScheduler), copied).subscribe(subscriber);
    const lists = byKey;
    const shared$: Observable<readonly T[]> = list$.pipe(
      finalize(() => {
        if (lists.get(key) === shared$) lists.delete(key);
      }),
      share({ connector: () => new ReplaySubject(1) }),
    );
    lists.set(key, shared$);
    return shared$.pipe(copied).subscribe(subscriber);
  });
}
