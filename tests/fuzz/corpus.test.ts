import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredInput } from './engine/stored-input.js';
import { TARGETS } from './targets/index.js';

const CORPUS = join(__dirname, 'corpus');
const folders = readdirSync(CORPUS);

it('has folders for targets only', () => {
  const names = TARGETS.map(({ name }) => name);
  expect(folders.filter((folder) => !names.includes(folder))).toEqual([]);
});

describe.each(TARGETS.filter(({ name }) => folders.includes(name)))('what $name was broken by', (target) => {
  it.each(readdirSync(join(CORPUS, target.name)))('%s', async (file) => {
    const open = await target.open();
    try {
      await open.replay(readStoredInput(join(CORPUS, target.name, file)).input);
    } finally {
      await open.close();
    }
  });
});
