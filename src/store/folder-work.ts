/** How far a work on the data file of a folder is. */
export interface FolderProgress {
  /** `verify`: all that is stored is read. `copy`: the file is copied. */
  readonly stage: 'verify' | 'copy';
  /** The folder whose file it is. */
  readonly folder: string;
  /** Bytes that are done. */
  readonly done: number;
  /** Bytes that there are. */
  readonly total: number;
}

/** What goes with a long work on a data folder. */
export interface FolderWork {
  /** Calls it off. */
  readonly signal?: AbortSignal | undefined;
  /** Hears now and then how far it is. Must not throw. */
  readonly onProgress?: ((progress: FolderProgress) => void) | undefined;
}
