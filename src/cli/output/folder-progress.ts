import type { Clock } from '../../clock.js';
import type { FolderProgress } from '../../store/lmdb/index.js';
import type { Progress } from './progress.js';
import { WorkProgress } from './work-progress.js';

const MEGABYTE = 1_000_000;

/** Shows how far the works on data folders are, one after the other: `copy /data: 120 of 900 MB, 300 MB a second, 3 s left`. */
export class FolderProgressLine {
  readonly #progress: Progress;
  readonly #clock: Clock;
  #current: { readonly title: string; readonly work: WorkProgress } | undefined;

  constructor(progress: Progress, clock: Clock) {
    this.#progress = progress;
    this.#clock = clock;
  }

  readonly hear = ({ stage, folder, done, total }: FolderProgress): void => {
    const title = `${stage} ${folder}`;
    if (this.#current?.title !== title) {
      const work = new WorkProgress(this.#progress, this.#clock, {
        title,
        unit: 'MB',
        isMeasure: true,
        total: total / MEGABYTE,
      });
      this.#current = { title, work };
    }
    // A terminal that has gone changes nothing for the work.
    this.#current.work.tell(done / MEGABYTE).catch(() => undefined);
  };
}
