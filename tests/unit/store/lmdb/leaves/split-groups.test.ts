import type { Leaf } from '../../../../../src/protocol/values/value.js';
import { useDataFolder } from '../data-folder.js';
import { BareTree } from './bare-tree.js';

const folder = useDataFolder();
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const leaf = (name: string): Leaf => ({ path: `r/${name}`, value: 1, type: 'integer', revision: 1 });

it('a group that was split, came to its end and is split again in one transaction is read as it is', async () => {
  const bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  try {
    bare.transact((tree) => {
      for (const name of NAMES) tree.put(leaf(name));
      expect([...tree.range({})]).toHaveLength(10);
      for (const name of 'abc') tree.delete(`r/${name}`);
      expect([...tree.range({})]).toHaveLength(7);
      // Its part came to its end: one that is not there is kept in its place.
      expect(tree.get('r/a')).toBeUndefined();
      for (const name of NAMES) tree.delete(`r/${name}`);
      expect([...tree.range({})]).toEqual([]);
      for (const name of NAMES) tree.put(leaf(name));
      expect([...tree.range({})]).toHaveLength(10);
      expect(tree.get('r/a')).toEqual(leaf('a'));
      tree.put({ ...leaf('a'), revision: 2 });
    });
    expect([...bare.tree.range({})].map(({ path, revision }) => [path, revision])).toEqual(
      NAMES.map((name) => [`r/${name}`, name === 'a' ? 2 : 1]),
    );
    expect(bare.leafCount).toBe(10);
  } finally {
    await bare.close();
  }
});

it('what a transaction wrote before it emptied the tree is gone with the rest, and what it writes then stays', async () => {
  const bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  try {
    bare.transact((tree) => {
      for (const name of NAMES) tree.put(leaf(name));
    });
    bare.transact((tree) => {
      for (const name of NAMES) tree.put({ ...leaf(name), revision: 2 });
      tree.put({ path: 'other', value: 1, type: 'integer', revision: 2 });
      tree.clear();
      expect([...tree.range({})]).toEqual([]);
      expect(tree.get('other')).toBeUndefined();
      tree.put(leaf('z'));
    });
    expect([...bare.tree.range({})]).toEqual([leaf('z')]);
  } finally {
    await bare.close();
  }
});

it('what is written after the tree was emptied lies in parts of its own, not in those that there were', async () => {
  const bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  try {
    bare.transact((tree) => {
      for (const name of NAMES) tree.put(leaf(name));
    });
    bare.transact((tree) => {
      tree.clear();
      for (const name of ['b', 'i']) tree.put(leaf(name));
    });
    expect([...bare.tree.range({})]).toEqual([leaf('b'), leaf('i')]);
    expect(bare.stored()).toHaveLength(1);
  } finally {
    await bare.close();
  }
});

it('parts of a transaction that was undone are not looked for by the next', async () => {
  const bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  const undone = new Error('undone');
  try {
    bare.transact((tree) => {
      for (const name of NAMES.slice(0, 3)) tree.put(leaf(name));
    });
    expect(() => {
      bare.transact((tree) => {
        for (const name of NAMES) tree.put({ ...leaf(name), revision: 2 });
        // Written out, and known by their first names.
        tree.flush();
        throw undone;
      });
    }).toThrow(expect.objectContaining({ cause: undone }));
    bare.transact((tree) => {
      for (const name of NAMES.slice(3)) tree.put(leaf(name));
    });
    expect([...bare.tree.range({})]).toEqual(NAMES.map(leaf));
    for (const name of NAMES) expect(bare.tree.get(`r/${name}`)).toEqual(leaf(name));
  } finally {
    await bare.close();
  }
});

it('parts that somebody else has written are read as they lie there', async () => {
  const [bare, other] = [0, 1].map(() => new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 }));
  if (bare === undefined || other === undefined) throw new Error('two were made');
  try {
    bare.transact((tree) => {
      for (const name of NAMES) tree.put(leaf(name));
    });
    expect(bare.tree.get('r/c')).toEqual(leaf('c'));
    other.transact((tree) => {
      for (const name of NAMES) tree.delete(`r/${name}`);
    });
    other.transact((tree) => {
      tree.put({ ...leaf('c'), revision: 2 });
    });
    // What was read before is of an earlier moment.
    bare.transact(() => undefined);
    expect(bare.tree.get('r/c')?.revision).toBe(2);
    expect(bare.tree.get('r/j')).toBeUndefined();
  } finally {
    await bare.close();
    await other.close();
  }
});

it('groups that only told of what lies deeper are gone with it, whatever came to its end first', async () => {
  const bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  const paths = ['r/y/1', 'r/x/z/1', 'r/x/v/w/1'];
  try {
    for (const order of [paths, paths.toReversed()]) {
      bare.transact((tree) => {
        for (const path of paths) tree.put({ path, value: 1, type: 'integer', revision: 1 });
      });
      expect(bare.stored().map(({ key }) => key)).toEqual(
        expect.arrayContaining(['r/', 'r/x/', 'r/x/v/', 'r/x/v/w/', 'r/x/z/', 'r/y/']),
      );
      bare.transact((tree) => {
        for (const path of order) tree.delete(path);
      });
      expect(bare.stored()).toEqual([]);
    }
  } finally {
    await bare.close();
  }
});

it('a group that came to its end and begins again is told of by the one above', async () => {
  const bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  const at = (path: string): Leaf => ({ path, value: 1, type: 'integer', revision: 1 });
  try {
    bare.transact((tree) => {
      tree.put(at('r/own'));
      tree.put(at('r/x/1'));
    });
    bare.transact((tree) => {
      tree.delete('r/x/1');
      expect([...tree.range({})]).toEqual([at('r/own')]);
      tree.put(at('r/x/2'));
    });
    expect(bare.tree.subtree('r')).toEqual([at('r/own'), at('r/x/2')]);
  } finally {
    await bare.close();
  }
});
