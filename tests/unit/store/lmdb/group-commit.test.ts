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

/** A commit whose transactions say what becomes of them, in order. */
function scene({ fails }: { fails?: (transaction: number) => Error | undefined } = {}) {
  const heard: string[] = [];
  const state = { writes: 0, transactions: 0 };
  const commits = new GroupCommit({
    writes: () => state.writes,
    run: (body) => {
      const number = ++state.transactions;
      heard.push(`begin ${number}`);
      body();
      const failure = fails?.(number);
      if (failure !== undefined) throw failure;
      heard.push(`end ${number}`);
    },
    undone: (cause) => new Error('undone', { cause }),
  });
  /** Work that makes so many writes, and then may fail. */
  const add = (name: string, writes = 1, failure?: Error): Promise<void> => {
    const work = commits.add(() => {
      heard.push(name);
      state.writes += writes;
      if (failure !== undefined) throw failure;
      return name;
    });
    return work.then(
      (result) => void heard.push(`done ${result}`),
      (error: unknown) => void heard.push(`${name}: ${(error as Error).message}`),
    );
  };
  return { commits, heard, add };
}

describe('the groups of a commit', () => {
  it('wait for the end of the turn, and let others have theirs between two', async () => {
    const { heard, add } = scene();
    const work = ['a', 'b', 'c'].map((name) => add(name, 4000));
    expect(heard).toEqual([]);
    for (let turn = 1; turn <= 3; turn++) {
      await new Promise(setImmediate);
      heard.push(`turn ${turn}`);
    }
    await Promise.all(work);
    expect(heard.filter((each) => /begin|turn/.test(each))).toEqual([
      'begin 1',
      'turn 1',
      'begin 2',
      'turn 2',
      'begin 3',
      'turn 3',
    ]);
  });

  it('are all made at once where they are asked for, and no other one is begun for them', async () => {
    const { commits, heard, add } = scene();
    const work = ['a', 'b'].map((name) => add(name, 4000));
    commits.drain();
    expect(heard).toEqual(['begin 1', 'a', 'end 1', 'begin 2', 'b', 'end 2']);
    await Promise.all(work);
    await new Promise(setImmediate);
    expect(heard.slice(6)).toEqual(['done a', 'done b']);
    await add('c');
    expect(heard.slice(8)).toEqual(['begin 3', 'c', 'end 3', 'done c']);
  });

  it('settle their work behind the transaction, in the order in which it was given', async () => {
    const { heard, add } = scene();
    await Promise.all([add('a'), add('b', 0, new Error('refused')), add('c')]);
    expect(heard).toEqual(['begin 1', 'a', 'b', 'c', 'end 1', 'done a', 'b: refused', 'done c']);
  });

  it('are undone as a whole where work fails that has written, and what is behind it is done', async () => {
    const { heard, add } = scene();
    await Promise.all([add('a'), add('b', 1, new Error('broken')), add('c'), add('d')]);
    expect(heard).toEqual([
      'begin 1',
      'a',
      'b',
      'a: undone',
      'b: broken',
      'begin 2',
      'c',
      'd',
      'end 2',
      'done c',
      'done d',
    ]);
  });

  it('fail with what their transaction fails with when it ends, and leave later ones alone', async () => {
    const full = new Error('no room');
    const { heard, add } = scene({ fails: (transaction) => (transaction === 1 ? full : undefined) });
    await Promise.all([add('a', 4000), add('b'), add('c')]);
    expect(heard).toEqual(['begin 1', 'a', 'a: no room', 'begin 2', 'b', 'c', 'end 2', 'done b', 'done c']);
  });

  it('that cannot even be begun are refused, with all that waits', async () => {
    const heard: string[] = [];
    const commits = new GroupCommit({
      writes: () => 0,
      run: () => {
        throw new Error('gone');
      },
      undone: (cause) => new Error('undone', { cause }),
    });
    const work = jest.fn();
    const refused = ['a', 'b'].map((name) =>
      commits.add(work).catch((error: unknown) => heard.push(`${name}: ${(error as Error).message}`)),
    );
    await Promise.all(refused);
    expect([heard, work.mock.calls]).toEqual([['a: gone', 'b: gone'], []]);
  });
});
