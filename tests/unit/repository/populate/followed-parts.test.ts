import { ReplaySubject } from 'rxjs';
import type { StoredRecord } from '../../../../src/mapping/index.js';
import { buildEntityMetadata } from '../../../../src/metadata/index.js';
import type { EntityContext } from '../../../../src/repository/entity-context.js';
import type { TargetsObserver } from '../../../../src/repository/populate/followed-targets.js';
import { FollowedTargets } from '../../../../src/repository/populate/followed-targets.js';
import { Customer } from './shop.js';

type Leaf = StoredRecord['leaves'][number];

const leaf = (path: string, revision = 1, value: Leaf['value'] = path): Leaf => ({
  path,
  revision,
  value,
  type: 'string',
});

/** A customer of a record with these leaves; without leaves, of one that is not known. */
const customerOf = (id: string, leaves?: readonly Leaf[]): Customer & { leaves?: readonly Leaf[] } =>
  Object.assign(new Customer(), { id, ...(leaves === undefined ? {} : { leaves }) });

/** Followed targets whose parts are read when the test says so. */
function followed(observer: Partial<TargetsObserver> = {}, first?: readonly object[]) {
  const parts: ReplaySubject<readonly object[]>[] = [];
  const observe = () => {
    const part = new ReplaySubject<readonly object[]>(1);
    if (first !== undefined) part.next(first);
    parts.push(part);
    return part;
  };
  const told = { changed: 0, failed: [] as unknown[] };
  const slugOf = ({ id }: Customer) => id;
  const mapper = { slugOf, recordOf: ({ leaves }: { leaves?: readonly Leaf[] }) => leaves && { leaves } };
  const context = { metadata: buildEntityMetadata(Customer), lists: { observe }, mapper };
  const targets = new FollowedTargets(
    context as unknown as EntityContext<object>,
    {},
    {
      changed: () => told.changed++,
      failed: (error) => told.failed.push(error),
      ...observer,
    },
  );
  const follow = (slugs: string) => targets.follow(new Set(slugs));
  const read = (part: number, slugs: string) => {
    parts[part]!.next(slugs.split('').map((slug) => customerOf(slug)));
  };
  const open = () => parts.map(({ observed }) => observed);
  return { targets, parts, follow, read, open, told };
}

describe('the parts that targets are followed in', () => {
  it('are taken in by a new one from the least on, for as long as they are not greater', () => {
    const { follow, read, open } = followed();
    follow('abc');
    read(0, 'abc');
    follow('abcde');
    read(1, 'de');
    follow('abcdef');
    read(2, 'f');
    expect(open()).toEqual([true, true, true]);
    follow('abcdefg');
    read(3, 'abcdefg');
    expect(open()).toEqual([false, false, false, true]);
  });

  it('stay where they are greater than what is new', () => {
    const { targets, follow, read, open } = followed();
    follow('ab');
    read(0, 'ab');
    expect(follow('abc')).toBe(false);
    read(1, 'c');
    expect([follow('abc'), open()]).toEqual([true, [true, true]]);
    expect([...targets.among(new Set('bcx')).keys()]).toEqual(['b', 'c']);
  });

  it('are replaced when less than half of what they have is wanted, with what is wanted alone', () => {
    const { targets, follow, read, open } = followed();
    follow('abcd');
    read(0, 'abcd');
    expect([follow('ab'), open()]).toEqual([true, [true]]);
    expect([follow('a'), open()]).toEqual([true, [true, true]]);
    expect(targets.get('a')).toBeInstanceOf(Customer);
    read(1, 'a');
    expect(open()).toEqual([false, true]);
    expect(targets.get('a')).toBeInstanceOf(Customer);
    // What was no longer wanted is not known any more.
    expect([targets.get('b'), follow('ab')]).toEqual([undefined, false]);
  });

  it('go on until what they are replaced by has been read', () => {
    const { targets, follow, read, open } = followed();
    follow('a');
    read(0, 'a');
    expect([follow('ab'), open()]).toEqual([false, [true, true]]);
    expect(targets.get('a')).toBeInstanceOf(Customer);
    read(0, '');
    expect([targets.get('a'), open()]).toEqual([undefined, [true, true]]);
    read(1, 'ab');
    expect([follow('ab'), open()]).toEqual([true, [false, true]]);
  });

  it('are replaced by none that has other targets, though it has been read', () => {
    const { targets, follow, read, open } = followed();
    follow('abcdef');
    read(0, 'abcdef');
    follow('abcdefxy');
    read(1, 'xy');
    expect([follow('abcdefwxyz'), open()]).toEqual([false, [true, true, true]]);
    read(0, 'abcdef');
    expect([targets.get('x'), open()]).toEqual([expect.any(Customer), [true, true, true]]);
    read(2, 'wxyz');
    expect([follow('abcdefwxyz'), open()]).toEqual([true, [true, false, true]]);
  });

  it('end when nothing of them is wanted, read or not', () => {
    const { follow, read, open } = followed();
    follow('a');
    follow('b');
    expect(open()).toEqual([false, true]);
    read(1, 'b');
    expect([follow(''), open()]).toEqual([true, [false, false]]);
  });

  it('know nothing of what they have not read, though another that has ended did', () => {
    const { targets, follow, read } = followed();
    follow('a');
    read(0, 'a');
    follow('ab');
    follow('b');
    expect([follow('a'), targets.get('a')]).toEqual([false, undefined]);
    read(1, 'a');
    expect(follow('a')).toBe(true);
  });

  it('tell of each list, and of what ends them', () => {
    const { follow, read, parts, told } = followed();
    follow('a');
    expect(told.changed).toBe(0);
    read(0, 'a');
    read(0, 'a');
    const failure = new Error('no route');
    parts[0]!.error(failure);
    expect(told).toEqual({ changed: 2, failed: [failure] });
  });

  it('leave nothing open behind who closes when the first list is there at once', () => {
    const { targets, follow, open } = followed({ changed: () => targets.close() }, []);
    follow('a');
    expect(open()).toEqual([false]);
  });
});

describe('a target that is followed', () => {
  const before = [leaf('customers/a/companyId'), leaf('customers/a/name')];

  it.each<['the same' | 'another', string, readonly Leaf[] | undefined]>([
    ['the same', 'has the same leaves', before.map((each) => ({ ...each }))],
    ['another', 'has one leaf less', before.slice(0, 1)],
    ['another', 'has one leaf more', [...before, leaf('customers/a/x')]],
    ['another', 'has a leaf at another path', [before[0]!, leaf('customers/a/x', 1, 'customers/a/name')]],
    ['another', 'has a leaf of another revision', [before[0]!, leaf('customers/a/name', 2)]],
    ['another', 'has a leaf of another value', [before[0]!, leaf('customers/a/name', 1, 'Ann')]],
    ['another', 'is of a record that is not known', undefined],
  ])('is %s instance where it %s', (which, _, leaves) => {
    const { targets, follow, parts } = followed();
    const [one, other] = [customerOf('a', before), customerOf('a', leaves)];
    follow('a');
    parts[0]!.next([one]);
    expect(targets.get('a')).toBe(one);
    parts[0]!.next([other]);
    expect(targets.get('a')).toBe(which === 'the same' ? one : other);
  });

  it('is another instance where neither record is known', () => {
    const { targets, follow, parts } = followed();
    const [one, other] = [customerOf('a'), customerOf('a')];
    follow('a');
    parts[0]!.next([one]);
    parts[0]!.next([other]);
    expect(targets.get('a')).toBe(other);
  });

  it('is known as nothing when it goes, and as what comes again', () => {
    const { targets, follow, parts } = followed();
    follow('a');
    parts[0]!.next([]);
    expect([follow('a'), targets.get('a')]).toEqual([true, undefined]);
    expect(targets.among(new Set('a')).size).toBe(0);
    const one = customerOf('a', before);
    parts[0]!.next([one]);
    expect(targets.get('a')).toBe(one);
    parts[0]!.next([]);
    expect([follow('a'), targets.get('a')]).toEqual([true, undefined]);
  });

  it('goes by the slug that it came with, whatever is made of it by those who have it', () => {
    const { targets, follow, parts } = followed();
    const one = customerOf('a', before);
    follow('a');
    parts[0]!.next([one]);
    one.id = 'x';
    parts[0]!.next([one]);
    expect(targets.get('a')).toBe(one);
  });
});
