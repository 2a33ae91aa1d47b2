import { stat } from 'node:fs/promises';
import type { Clock } from '../../../clock.js';
import { systemClock } from '../../../clock.js';
import type { FolderWork } from '../../folder-work.js';

/** Milliseconds between two looks at a copy. */
const BETWEEN = 200;

/** A copy that is being made. */
export interface Copying {
  /** The folder whose file is copied. */
  readonly folder: string;
  /** The file that is copied, and the one that grows. */
  readonly from: string;
  readonly to: string;
}

/**
 * Tells how far a copy is while it is made, by the length of its file; of one that is made in one stroke that it begins and ends. Resolves
 * or rejects as `copy` does, which is waited for also when telling failed.
 *
 * @throws what `onProgress` throws
 */
export async function tellCopying<T>(
  { folder, from, to }: Copying,
  { onProgress }: FolderWork,
  copy: () => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  if (onProgress === undefined) return copy();
  const total = await sizeOf(from);
  const tell = (done: number): void => {
    onProgress({ stage: 'copy', folder, done: Math.min(done, total), total });
  };
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let calm = (): void => undefined;
  const look = (): void => {
    calm = clock.schedule(() => {
      sizeOf(to)
        .then((size) => {
          if (isOver) return;
          tell(size);
          look();
        })
        .catch((error: unknown) => {
          failure = { error };
        });
    }, BETWEEN);
  };
  tell(0);
  look();
  try {
    const made = await copy();
    if (failure !== undefined) throw failure.error;
    tell(total);
    return made;
  } finally {
    isOver = true;
    calm();
  }
}

/** Bytes; none where no file can be looked at. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
