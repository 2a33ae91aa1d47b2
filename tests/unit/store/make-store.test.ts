import { createMemoryStorage } from '../../../src/store/index.js';
import { makeStore } from '../../../src/store/make-store.js';

const refused = { log: { keep: -1 } };

it('a store that cannot be leaves its storage closed by the time it is told', async () => {
  const storage = createMemoryStorage();
  let isClosed = false;
  storage.close = async () => {
    await new Promise(setImmediate);
    isClosed = true;
  };
  await expect(makeStore({ storage, ...refused })).rejects.toMatchObject({ kind: 'invalid_options' });
  expect(isClosed).toBe(true);
});

it('what the closing of the storage fails with does not hide why there is no store', async () => {
  const storage = createMemoryStorage();
  storage.close = () => Promise.reject(new Error('cannot be closed'));
  await expect(makeStore({ storage, ...refused })).rejects.toMatchObject({ kind: 'invalid_options' });
});
