import { createMemoryStorage } from '../../../src/store/index.js';
import { expectStoreLikeModel } from './model/harness.js';
import { sampleSize } from '../../sample-size.js';

describe('Store', () => {
  it('does what a naive model does, in memory', async () => {
    await expectStoreLikeModel(
      () => ({
        open: () => Promise.resolve(createMemoryStorage()),
        durable: false,
        dispose: () => Promise.resolve(),
      }),
      { numRuns: sampleSize(1000) },
    );
  }, 120_000);
});
