import { openClusterStore } from '../../../src/cluster/index.js';
import { createMemoryStorage } from '../../../src/store/index.js';
import { refusalOf } from '../store/open-store.js';

it('a store that cannot be opened leaves no folder locked', async () => {
  let closed = 0;
  const storage = {
    ...createMemoryStorage(),
    close: () => {
      closed++;
      return Promise.resolve();
    },
  };
  const opening = openClusterStore({ url: 'no address', name: 'links', storage });
  expect(await refusalOf(opening)).toMatchObject({ kind: 'invalid_options' });
  expect(closed).toBe(1);
});
