import type { StoreStorage } from '../../../../src/store/index.js';

/** A storage whose process ends in the middle of something. */
export interface MortalStorage {
  readonly storage: StoreStorage;
  /** After so many more commits nothing answers any more; the last one is made, or not. */
  killAfter(commits: number, isMade: boolean): void;
}

export function mortalStorage(base: StoreStorage, onDeath: () => void): MortalStorage {
  let left: number | undefined;
  let isLastMade = false;
  let isDead = false;
  const never = new Promise<never>(() => undefined);
  return {
    storage: {
      name: base.name,
      leaves: base.leaves,
      log: base.log,
      overlay: base.overlay,
      blobs: base.blobs,
      indexes: base.indexes,
      readCounters: () => base.readCounters(),
      writeCounters: (counters) => {
        base.writeCounters(counters);
      },
      commit: (work) => {
        if (isDead) return never;
        if (left === undefined || left-- > 0) return base.commit(work);
        isDead = true;
        onDeath();
        if (isLastMade) base.commit(work).catch(() => undefined);
        return never;
      },
      hold: () => base.hold(),
      close: () => base.close(),
    },
    killAfter: (commits, isMade) => {
      left = commits;
      isLastMade = isMade;
    },
  };
}
