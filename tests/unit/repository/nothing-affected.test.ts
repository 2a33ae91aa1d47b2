import { DataSource, silentLogger } from '../../../src/index.js';
import { Link, Profile } from './support.js';

let dataSource: DataSource;

beforeEach(async () => {
  dataSource = await new DataSource({ entities: [Link, Profile], logger: silentLogger }).initialize();
});

afterEach(() => dataSource.destroy());

const links = () => dataSource.getRepository(Link);

it.each<[string, () => Promise<{ affected: number }>]>([
  ['an update', () => links().update('absent', { title: 'New' })],
  ['an update by a where', () => links().update({ title: 'absent' }, { title: 'New' })],
  ['an update of a map', () => dataSource.getRepository(Profile).update('absent', { city: 'Bonn' })],
  ['an increment', () => links().increment('absent', 'views', 1)],
  ['an addition to a set', () => links().addTo('absent', 'tags', 'a')],
  ['a deletion', () => links().delete('absent')],
])('who repeats %s until there is something to write lets others work', async (_what, write) => {
  let hasTurned = false;
  setImmediate(() => {
    hasTurned = true;
  });
  for (let n = 0; n < 100 && !hasTurned; n++) expect((await write()).affected).toBe(0);
  expect(hasTurned).toBe(true);
});
