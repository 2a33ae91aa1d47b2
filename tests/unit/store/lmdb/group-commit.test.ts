import { GroupCommit } from '../../../../src/store/lmdb/group-commit.js';

/** How many pieces of work shared each transaction, when each made so many writes. */
async function groupsOf(writesOfEach: readonly number[]): Promise<readonly number[]> {
  const groups: number[] = [];
  let writes = 0;
  const commits = new GroupCommit({
    writes: () => writes,
    run: (body) => {
      groups.push(0);
      body();
    },
    undone: (cause) => new Error('undone', { cause }),
  });
  const add = (count: number): Promise<void> =>
    commits.add(() => {
      writes += count;
      groups.push((groups.pop() ?? 0) + 1);
    });
  await Promise.all(writesOfEach.map(add));
  return groups;
}

test.each([
  [[1, 1, 1], [3]],
  [
    [3999, 1, 1],
    [2, 1],
  ],
  [
    [3999, 5000, 1],
    [2, 1],
  ],
  [
    [4000, 1],
    [1, 1],
  ],
  [
    [4000, 4000, 1],
    [1, 1, 1],
  ],
])(
  'work that makes %j writes shares transactions as %j: 4,000 writes close a group',
  async (writes, groups) => {
    expect(await groupsOf(writes)).toEqual(groups);
  },
);
