import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { useDataFolder } from './data-folder.js';

const folder = useDataFolder();
const LONG = 'm'.repeat(3_900);

it('holds nothing between bounds that are one or the wrong way round, long ones too', async () => {
  const storage = await openLmdbStorage({ path: folder.path });
  const { keys } = storage.indexes;
  const held = ['a', 'c', `${LONG}x`, `${LONG}y`, 'x'];
  await storage.commit(() => {
    for (const key of held) keys.add(key);
  });
  const bounds = ['', 'a', 'b', LONG, `${LONG}x`, `${LONG}xx`, 'x', 'y'];
  for (const from of bounds) {
    for (const to of bounds) {
      const expected = held.filter((key) => from <= key && key < to);
      expect([...keys.range({ from, to })]).toEqual(expected);
      expect([...keys.range({ from, to, reverse: true })]).toEqual(expected.toReversed());
      expect(keys.count({ from, to })).toBe(expected.length);
      expect(keys.count({ from, to }, 1)).toBe(Math.min(1, expected.length));
    }
  }
  await storage.close();
});
