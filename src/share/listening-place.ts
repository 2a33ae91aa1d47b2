import { chmodSync, lstatSync, rmSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HttpService } from '../server/http-service.js';
import { isDustError } from '../errors.js';
import type { SocketPlaces } from './socket-places.js';
import { makePrivate } from './socket-places.js';

/** Where a service listens for those who share a folder. Whoever has the folder's lock is the only one who makes and removes its sockets. */
export class ListeningPlace {
  readonly socket: string;
  readonly #folder: string;
  readonly #service: HttpService;
  #made: bigint | undefined;

  private constructor(service: HttpService, folder: string, socket: string) {
    this.#service = service;
    this.#folder = folder;
    this.socket = socket;
  }

  /** Has a service listen in the folder, or outside where it holds no sockets. @throws DustError `storage`; the system's error */
  static async open(
    service: HttpService,
    folder: string,
    { inside, outside }: SocketPlaces,
  ): Promise<ListeningPlace> {
    if (inside !== undefined) {
      try {
        const place = new ListeningPlace(service, folder, inside);
        await place.listen();
        return place;
      } catch (error) {
        // A file system without sockets, or a full disk.
        if (isDustError(error)) throw error;
      }
    }
    const place = new ListeningPlace(service, folder, outside);
    await place.listen();
    return place;
  }

  /** Whether those who look for it still find what was made. */
  get isInPlace(): boolean {
    return this.#made !== undefined && numberOf(this.socket) === this.#made;
  }

  /** Listens there, again where that was removed; connections stay as they are. @throws DustError `storage`; the system's error */
  async listen(): Promise<void> {
    makePrivate(this.#folder, this.socket);
    rmSync(this.socket, { force: true });
    await this.#service.listen({ path: this.socket });
    chmodSync(this.socket, 0o600);
    this.#made = numberOf(this.socket);
  }
}

/** Leaves nothing behind: of one who was killed, neither. Never throws. */
export function tidy({ inside, outside }: SocketPlaces): void {
  for (const socket of [inside, outside]) {
    if (socket === undefined) continue;
    try {
      rmSync(socket, { force: true });
      rmdirSync(dirname(socket));
    } catch {
      // It is not there, or holds what is not ours.
    }
  }
}

/** The number of a file, which no other one has as long as it is there. */
function numberOf(path: string): bigint | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
  } catch {
    return undefined;
  }
}
