import { types } from 'node:util';
import type { CliStream } from '../io.js';

/** One stream the command writes to, at the speed of its reader. */
export class Output {
  /** Whether a person may be looking. */
  readonly isTerminal: boolean;
  readonly #stream: CliStream;
  #failure: Error | undefined;
  readonly #onError = (error: Error): void => {
    this.#failure ??= error;
  };

  constructor(stream: CliStream) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    stream.on('error', this.#onError);
  }

  /** The characters of the terminal's line just now; undefined where nobody knows. */
  get columns(): number | undefined {
    const { columns } = this.#stream;
    return columns === undefined || columns <= 0 ? undefined : columns;
  }

  /** Resolves when the stream has taken the text. @throws what the stream failed with, such as `EPIPE` */
  write(text: string): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error) {
          this.#failure ??= error;
          reject(error);
        } else {
          resolve();
        }
      });
    });
  }

  /** Writes the text and the end of a line. */
  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Leaves the stream as it was found. It stays open. */
  release(): void {
    // A stream tells of a failure twice, the second time when the write has been answered long ago.
    if (this.#failure === undefined) this.#stream.off('error', this.#onError);
  }
}

/** Whether the reader of a pipe has gone, such as `head` after its ten lines. */
export function isBrokenPipe(error: unknown): boolean {
  return (
    types.isNativeError(error) &&
    'code' in error &&
    (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
  );
}
