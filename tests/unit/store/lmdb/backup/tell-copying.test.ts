import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tellCopying } from '../../../../../src/store/lmdb/backup/tell-copying.js';
import type { FolderProgress } from '../../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();

/** A copy that grows when it is told to, and a clock whose looks come when they are called for. */
function copying(onProgress: (progress: FolderProgress) => void) {
  const [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')];
  writeFileSync(from, Buffer.alloc(1000));
  let look: (() => void) | undefined;
  let finish: (value: string) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const copy = (): Promise<string> =>
    new Promise((resolve, reject) => {
      [finish, fail] = [resolve, reject];
    });
  const clock = {
    now: () => 0,
    schedule: (callback: () => void, ms: number) => {
      // Five times in a second.
      expect(ms).toBe(200);
      look = callback;
      return () => {
        look = undefined;
      };
    },
  };
  const outcome = tellCopying({ folder: folder.path, from, to }, { onProgress }, copy, clock);
  return {
    outcome,
    grow: (bytes: number) => {
      writeFileSync(to, Buffer.alloc(bytes));
    },
    look: async (): Promise<void> => {
      const due = look;
      look = undefined;
      due?.();
      await settled(() => look !== undefined);
    },
    /** A look that nobody waits for. */
    glance: () => {
      const due = look;
      look = undefined;
      due?.();
    },
    begun: () => settled(() => look !== undefined),
    isLooking: () => look !== undefined,
    finish: () => {
      finish('copied');
    },
    fail: (error: unknown) => {
      fail(error);
    },
  };
}

/** However long the file system takes to answer: the test's timeout is the limit. */
async function settled(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

it('a copy is told of as it grows, from nothing to all', async () => {
  const told: number[] = [];
  const copy = copying(({ stage, done, total }) => {
    expect({ stage, total }).toEqual({ stage: 'copy', total: 1000 });
    told.push(done);
  });
  await copy.begun();
  await copy.look();
  copy.grow(400);
  await copy.look();
  copy.grow(2000);
  await copy.look();
  copy.finish();
  expect(await copy.outcome).toBe('copied');
  expect(told).toEqual([0, 0, 400, 1000, 1000]);
  expect(copy.isLooking()).toBe(false);
});

it('a look that is under way when it is done tells nothing, and no other follows', async () => {
  const told: number[] = [];
  const copy = copying(({ done }) => told.push(done));
  await copy.begun();
  copy.grow(400);
  copy.glance();
  copy.finish();
  await copy.outcome;
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  expect(told).toEqual([0, 1000]);
  expect(copy.isLooking()).toBe(false);
});

it('nothing looks any more when it has failed', async () => {
  const copy = copying(() => undefined);
  await copy.begun();
  copy.fail(new Error('no room'));
  await expect(copy.outcome).rejects.toThrow('no room');
  expect(copy.isLooking()).toBe(false);
});

it('what a listener throws while it grows is thrown when it is done', async () => {
  let calls = 0;
  const copy = copying(() => {
    if (++calls === 2) throw new Error('mine');
  });
  await copy.begun();
  copy.glance();
  await settled(() => calls === 2);
  await new Promise(setImmediate);
  copy.finish();
  await expect(copy.outcome).rejects.toThrow('mine');
  expect([calls, copy.isLooking()]).toEqual([2, false]);
});

it('of one that nobody hears of nothing is looked at', async () => {
  const gone = join(folder.path, 'nowhere');
  expect(
    await tellCopying({ folder: gone, from: gone, to: gone }, {}, () => Promise.resolve(1), {
      now: () => 0,
      schedule: () => {
        throw new Error('a timer');
      },
    }),
  ).toBe(1);
});
