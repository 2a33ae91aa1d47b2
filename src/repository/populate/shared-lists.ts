import { asapScheduler, finalize, map, Observable, observeOn, ReplaySubject, share } from 'rxjs';

/** The filled in lists of the live queries of one class that are under way, by what equal queries find them by. */
export class SharedLists<T> {
  readonly #underWay = new Map<string, Observable<readonly T[]>>();

  /**
   * The same lists for all who ask for them with the same key, for as long as somebody does: each an array of its own, of the same entities.
   * Who comes later sees the latest a moment after having subscribed. Without a key they are shared with nobody.
   */
  of(key: string | undefined, list$: Observable<readonly T[]>): Observable<T[]> {
    const copied = map((list: readonly T[]) => [...list]);
    if (key === undefined) return list$.pipe(copied);
    return new Observable((subscriber) => {
      const present = this.#underWay.get(key);
      if (present !== undefined) return present.pipe(observeOn(asapScheduler), copied).subscribe(subscriber);
      const shared$: Observable<readonly T[]> = list$.pipe(
        finalize(() => {
          this.#underWay.delete(key);
        }),
        share({ connector: () => new ReplaySubject(1) }),
      );
      this.#underWay.set(key, shared$);
      return shared$.pipe(copied).subscribe(subscriber);
    });
  }
}
