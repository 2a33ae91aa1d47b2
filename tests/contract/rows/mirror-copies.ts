import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filter, firstValueFrom, timeout } from 'rxjs';
import { silentLogger } from '../../../src/logging.js';
import type { ChannelTransportOptions } from '../../../src/transport/channel/index.js';
import { EngineRegistry, createChannelTransport } from '../../../src/transport/channel/index.js';
import type { TransportStatus } from '../../../src/transport/transport.js';

/** Milliseconds that a whole catch-up may take. */
const PATIENCE = 30_000;

const isLive = ({ state }: TransportStatus): boolean => state === 'live';

/**
 * Mirrors on disk for clients to begin with, so that they catch up on what happened lately, and not each on everything
 * that ever happened in somebody's store. The first one may be kept from one test file to the next.
 */
export class MirrorCopies {
  readonly #folder: string;
  #latest: string;

  private constructor(first: string, folder: string) {
    this.#latest = first;
    this.#folder = folder;
  }

  /** Brings the first mirror, which `folder` may hold, up to date. @throws Error when the channel cannot be reached */
  static async open(folder: string, options: ChannelTransportOptions): Promise<MirrorCopies> {
    const first = join(folder, 'mirror');
    const client = createChannelTransport(
      { ...options, logger: silentLogger, cache: { path: first } },
      new EngineRegistry(),
    );
    try {
      await client.connect();
      await firstValueFrom(client.status$.pipe(filter(isLive), timeout(PATIENCE)));
    } catch (error) {
      throw new Error(`the channel of ${options.url} does not bring a mirror up to date`, { cause: error });
    } finally {
      await client.close();
    }
    return new MirrorCopies(first, mkdtempSync(join(folder, 'copies-')));
  }

  /** A folder with a copy of the latest mirror. */
  take(): string {
    const path = join(this.#folder, randomUUID());
    cpSync(this.#latest, path, { recursive: true });
    return path;
  }

  /** The client of this folder is closed: its mirror is the latest now. */
  giveBack(path: string): void {
    if (this.#latest.startsWith(this.#folder)) rmSync(this.#latest, { recursive: true, force: true });
    this.#latest = path;
  }

  /** Removes the copies. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
