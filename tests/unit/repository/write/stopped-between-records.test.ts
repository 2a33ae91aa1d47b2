import { DustError } from '../../../../src/index.js';
import { link, Link, useDataSources } from '../support.js';

const connect = useDataSources();
const LOST = { detail: 'connection_lost' };

/** Four records that go one by one: those named are refused, and the answers of others are lost. */
async function inserting(refused: readonly string[], lost: readonly string[]): Promise<unknown> {
  const { manager, control } = await connect([Link], { atomicBatch: false });
  control.before = async (method, [path]) => {
    if (method !== 'merge') return;
    // All of them are under way by then.
    await new Promise(setImmediate);
    const slug = String(path).split('/').at(-1)!;
    if (refused.includes(slug)) throw new DustError('forbidden', 'No.');
    if (lost.includes(slug)) throw new DustError('network', 'Cut.', LOST);
  };
  const links = ['a', 'b', 'c', 'd'].map((slug) => link(slug));
  return manager.insert(Link, links).catch((error: unknown) => error);
}

it('what stopped the first is thrown as it is where that says it all', async () => {
  expect(await inserting(['a', 'b', 'c', 'd'], [])).toMatchObject({ name: 'DustError', message: 'No.' });
  expect(await inserting([], ['a', 'b', 'c', 'd'])).toMatchObject({ name: 'DustError', message: 'Cut.' });
});

it.each<[string, string[], string[], string[], string]>([
  ['others landed', ['a'], [], ['b', 'c', 'd'], 'after 3 of 4 records: No.'],
  [
    'others may have landed',
    ['a', 'b', 'c'],
    ['d'],
    [],
    'after 0 of 4 records, and of those that were under way nobody knows: No.',
  ],
  [
    'others landed, or may have',
    ['a'],
    ['c'],
    ['b', 'd'],
    'after 2 of 4 records, and of those that were under way nobody knows: No.',
  ],
])('it is a part of a write where %s', async (_, refused, lost, landed, message) => {
  const error = await inserting(refused, lost);
  expect(error).toMatchObject({
    name: 'PartialWriteError',
    kind: 'forbidden',
    landed,
    message: `The write stopped ${message}`,
  });
});

it('an answer that is lost leaves open what came of its record', async () => {
  expect(await inserting([], ['a'])).toMatchObject({
    kind: 'network',
    landed: ['b', 'c', 'd'],
    message: 'The write stopped after 3 of 4 records, and of those that were under way nobody knows: Cut.',
  });
});
