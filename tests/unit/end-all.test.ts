import { endAll } from '../../src/end-all.js';

it('what ends together ends, whatever of it fails, and the first failure is told behind all', async () => {
  const ended: string[] = [];
  const failed = endAll([
    () => {
      throw new Error('at once');
    },
    () => Promise.reject(new Error('later')),
    async () => {
      await Promise.resolve();
      ended.push('slow');
    },
  ]);
  await expect(failed).rejects.toThrow('at once');
  expect(ended).toEqual(['slow']);
  await expect(endAll([() => 1])).resolves.toBeUndefined();
});
