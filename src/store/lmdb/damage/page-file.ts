import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { PAGE_SIZE } from '../path-key.js';

/** Never waits for the other end of a pipe, whatever the name turns out to be; Windows has none under such a name. */
const READ = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** A data file, read page by page and never mapped: what is damaged in it cannot end the process. */
export class PageFile {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /** @throws the system's error, `ENOENT` when there is none */
  static open(path: string): PageFile {
    return new PageFile(openSync(path, READ));
  }

  /** Bytes just now. */
  get size(): number {
    return fstatSync(this.#file).size;
  }

  /** `length` bytes from `position` on, fewer at the end of the file. @throws the system's error, such as `EIO` */
  readBytes(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const read = readSync(this.#file, bytes, filled, length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }

  /** `count` pages, undefined when the file ends before. @throws as {@link readBytes} does */
  readPages(number: number, count = 1): Buffer | undefined {
    const bytes = this.readBytes(number * PAGE_SIZE, count * PAGE_SIZE);
    return bytes.length === count * PAGE_SIZE ? bytes : undefined;
  }

  close(): void {
    closeSync(this.#file);
  }
}
