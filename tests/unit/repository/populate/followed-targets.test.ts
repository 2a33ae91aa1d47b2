import { Observable, Subject } from 'rxjs';
import { buildEntityMetadata } from '../../../../src/metadata/index.js';
import type { EntityContext } from '../../../../src/repository/entity-context.js';
import { FollowedTargets } from '../../../../src/repository/populate/followed-targets.js';
import { Customer } from './shop.js';

/** Lists that are never read: how many there have been, and how many are observed. */
function silentLists() {
  const count = { begun: 0, observed: 0 };
  const observe = () =>
    new Observable<object[]>(() => {
      count.begun++;
      count.observed++;
      return () => {
        count.observed--;
      };
    });
  return { count, observe };
}

it('what takes the place of an idle part is begun once, however often it is asked for before it is read', () => {
  const { count, observe } = silentLists();
  const context = { metadata: buildEntityMetadata(Customer), lists: { observe } };
  const targets = new FollowedTargets(
    context as unknown as EntityContext<object>,
    {},
    { changed: () => undefined, failed: () => undefined },
  );
  expect(targets.follow(new Set(['a', 'b', 'c']))).toBe(false);
  expect(count).toEqual({ begun: 1, observed: 1 });
  for (let times = 0; times < 3; times++) targets.follow(new Set(['a']));
  expect(count).toEqual({ begun: 2, observed: 2 });
  targets.close();
  expect(count).toEqual({ begun: 2, observed: 0 });
});

it('what is followed no longer is read again before it is known', () => {
  const reads: Subject<object[]>[] = [];
  const observe = () => {
    const read = new Subject<object[]>();
    reads.push(read);
    return read;
  };
  const mapper = { slugOf: ({ id }: Customer) => id, recordOf: () => undefined };
  const context = { metadata: buildEntityMetadata(Customer), lists: { observe }, mapper };
  const targets = new FollowedTargets(
    context as unknown as EntityContext<object>,
    {},
    { changed: () => undefined, failed: () => undefined },
  );
  const customer = (id: string): Customer => Object.assign(new Customer(), { id });
  targets.follow(new Set(['a', 'b', 'c', 'd']));
  reads[0]!.next(['a', 'b', 'c', 'd'].map(customer));
  expect(targets.follow(new Set(['a', 'b', 'c', 'd', 'e']))).toBe(false);
  reads[1]!.next([customer('e')]);
  expect(targets.get('e')).toBeInstanceOf(Customer);
  expect(targets.follow(new Set(['a', 'b', 'c', 'd']))).toBe(true);
  expect(targets.get('e')).toBeUndefined();
  expect(targets.follow(new Set(['a', 'b', 'c', 'd', 'e']))).toBe(false);
  expect(reads.map(({ observed }) => observed)).toEqual([true, false, true]);
  targets.close();
  expect(reads.some(({ observed }) => observed)).toBe(false);
});
