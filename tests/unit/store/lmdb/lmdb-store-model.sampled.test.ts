import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { expectStoreLikeModel } from '../model/harness.js';
import { sampleSize } from '../../../sample-size.js';

describe('Store', () => {
  it('does what a naive model does, on LMDB', async () => {
    await expectStoreLikeModel(
      () => {
        const path = mkdtempSync(join(tmpdir(), 'dust-orm-test-'));
        return {
          open: () => openLmdbStorage({ path }),
          durable: true,
          dispose: () => {
            rmSync(path, { recursive: true, force: true });
            return Promise.resolve();
          },
        };
      },
      { numRuns: sampleSize(40) },
    );
  }, 120_000);
});
