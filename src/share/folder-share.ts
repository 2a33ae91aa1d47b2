import { resolve } from 'node:path';
import type { Socket } from 'node:net';
import type { Observable } from 'rxjs';
import { BehaviorSubject } from 'rxjs';
import type { Clock } from '../clock.js';
import { MAX_DELAY, monotonicOf } from '../clock.js';
import type { DustError } from '../errors.js';
import { isDustError, messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { folderGone, realWay } from '../store/lmdb/index.js';
import { transportClosed } from '../transport/errors.js';
import { notShared, ownerAway, ownerSilent, shareUnsupported } from './errors.js';
import type { FolderIdentity } from './folder-identity.js';
import { isSame } from './folder-identity.js';
import type { ServedFolder } from './served-folder.js';
import type { ShareParts } from './share-parts.js';
import { systemParts } from './share-parts.js';
import { socketPlacesOf } from './socket-places.js';

/** Whether this process has a shared folder, or reaches it through the one that has it. */
export type ShareRole = 'owner' | 'member';

/** What a {@link FolderShare} is made of. */
export interface FolderShareOptions {
  /** The folder; made when it is missing. */
  readonly path: string;
  /** As for a folder that is not shared; for the first opening alone. */
  readonly takeOver?: boolean | undefined;
  /** As for a folder that is not shared; for the first opening alone: to take a folder over must not take long. */
  readonly verify?: boolean | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 up to 1, what waits are drawn with. */
  readonly random: () => number;
}

/** The longest wait between two looks for an owner, in milliseconds. Drawn by chance, so that not all look at once. */
export const LOOK_AGAIN = 100;
/** How long an owner may take to open the folder and to answer, in milliseconds: one that has it verified takes long. */
const OPEN_PATIENCE = 60_000;
/** How long who has a folder may take to write down who it is, in milliseconds. */
const NAME_PATIENCE = 50;
/** How often whoever has a folder sees to it that others reach it, in milliseconds. */
const LOOK_AFTER = 1000;
/** How long a folder that could not be opened is left alone, in milliseconds; twice as long after each further time. */
const REST = { first: 1000, most: 30_000 };

/**
 * One of those who share a folder. The folder has one owner, who serves it to all, itself among them; the kernel's lock says who. Whoever
 * finds nobody there takes the folder: it holds all that was acknowledged, and by which ids, so that nothing has to be handed over.
 */
export class FolderShare {
  readonly #options: FolderShareOptions;
  readonly #parts: ShareParts;
  /** The same for all who share it. */
  readonly #folder: string;
  readonly #roles = new BehaviorSubject<ShareRole>('member');
  #served: ServedFolder | undefined;
  #election: Promise<void> | undefined;
  #rest: { readonly until: number; readonly ms: number; readonly error: unknown } | undefined;
  #isOpen = false;
  #stopWaking = (): void => undefined;
  #stopLooking = (): void => undefined;
  /** What the folder is known by, once that is known: at its place there may be another one later. */
  #identity: FolderIdentity;
  #gone: DustError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: FolderShareOptions, parts: ShareParts = systemParts) {
    this.#options = options;
    this.#parts = parts;
    this.#folder = realFolder(options.path);
  }

  /** The present role, then each change of it; completes with {@link close}. */
  get roles$(): Observable<ShareRole> {
    return this.#roles;
  }

  get role(): ShareRole {
    return this.#roles.value;
  }

  /** The folder, while this process has it. */
  get served(): ServedFolder | undefined {
    return this.#served;
  }

  /**
   * Takes the folder, or finds who has it and shares it. Waits for an owner that is still opening it.
   *
   * @throws DustError `storage` when the folder cannot be opened, with detail `locked` when its owner does not share it; `timeout` when the
   * owner does not answer; `not_supported` on systems without sockets of one user; `closed`
   */
  async open(): Promise<void> {
    const { path, clock } = this.#options;
    if (process.platform === 'win32') throw shareUnsupported(process.platform);
    await this.#parts.prepare();
    const end = monotonicOf(clock) + OPEN_PATIENCE;
    for (;;) {
      try {
        (await this.#connect()).destroy();
        this.#isOpen = true;
        this.#stayAwake();
        return;
      } catch (error) {
        if (!isDustError(error, 'network')) throw error;
        if (monotonicOf(clock) >= end) throw ownerSilent(path, OPEN_PATIENCE, error);
        await this.#pause(this.#options.random() * LOOK_AGAIN);
      }
    }
  }

  /**
   * Connects to whoever has the folder. Where nobody has it, this takes it first.
   *
   * @throws DustError `network` while nobody answers; `storage` with detail `gone` when the folder at its place is not the one that was opened,
   * from then on; `closed`
   */
  readonly dial = async (): Promise<Socket> => {
    try {
      return await this.#connect();
    } catch (error) {
      // To those who wait for an owner, it is away, whatever keeps this process from being it.
      throw isDustError(error, 'storage') && error !== this.#gone ? ownerAway(this.#folder, error) : error;
    }
  };

  /**
   * Ends this process's part. An owner lets what is under way end first; the others go on with the next one.
   *
   * @throws whatever the medium of the folder fails with
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #connect(): Promise<Socket> {
    if (this.#gone !== undefined) throw this.#gone;
    const served = this.#served;
    const present = await this.#reach(served);
    if (present !== undefined) return present;
    await (this.#election ??= this.#elect(served).finally(() => {
      this.#election = undefined;
    }));
    const next = await this.#reach(this.#served);
    if (next !== undefined) return next;
    throw ownerAway(this.#folder);
  }

  /** A connection to the owner; undefined where nobody listens. */
  async #reach(served: ServedFolder | undefined): Promise<Socket | undefined> {
    if (served !== undefined) return this.#parts.connect(served.socket);
    for (const socket of this.#parts.sockets(this.#folder)) {
      const connection = await this.#parts.connect(socket);
      if (connection === undefined) continue;
      try {
        this.#recognise(this.#parts.identity(this.#folder));
      } catch (error) {
        connection.destroy();
        throw error;
      }
      return connection;
    }
    return undefined;
  }

  /**
   * Takes the folder, unless somebody else who shares it has it.
   *
   * @param unreached what this process serves and could not connect to
   */
  async #elect(unreached: ServedFolder | undefined): Promise<void> {
    this.#assertOpen();
    // Another election has ended since nobody was found.
    if (this.#served !== unreached) return;
    this.#assertRested();
    // What is not there is made: never in the stead of one that was.
    this.#recognise(this.#parts.identity(this.#folder));
    if (await this.#heal(unreached)) return;
    await this.#giveUp();
    const { path, takeOver = false, verify = false, clock, logger } = this.#options;
    const first = this.#isOpen ? { takeOver: false, verify: false } : { takeOver, verify };
    let served: ServedFolder;
    try {
      const places = socketPlacesOf(this.#folder);
      served = await this.#parts.serve({ path: this.#folder, places, ...first, clock, logger });
    } catch (error) {
      if (isLocked(error)) await this.#assertShared(error);
      else this.#leaveAlone(error);
      return;
    }
    await this.#assertSame(served);
    this.#rest = undefined;
    this.#served = served;
    if (this.#closing !== undefined) return;
    this.#lookAfter(served);
    logger.info(`this process has the shared folder ${path}, and serves it`, { path });
    this.#roles.next('owner');
  }

  /** Takes in what the folder is known by. @throws DustError `storage` with detail `gone` when that was something else before */
  #recognise(found: FolderIdentity): void {
    if (!isSame(this.#identity, found)) {
      const { path, logger } = this.#options;
      this.#gone = folderGone(path);
      logger.error(this.#gone.message, { path });
      throw this.#gone;
    }
    if (found !== undefined && found !== 'missing') this.#identity = found;
  }

  /** The folder may have been replaced just before it was taken. */
  async #assertSame(served: ServedFolder): Promise<void> {
    try {
      this.#recognise(served.identity);
    } catch (error) {
      await served.close();
      throw error;
    }
  }

  /** Sees to it that others reach this process while it has the folder: nobody tells it when its socket is removed. */
  #lookAfter(served: ServedFolder): void {
    const look = async (): Promise<void> => {
      if (this.#served !== served || this.#closing !== undefined) return;
      await this.#heal(served);
      this.#lookAfter(served);
    };
    this.#stopLooking = this.#options.clock.schedule(() => void look(), LOOK_AFTER);
  }

  /** Has what this process serves listen again when its socket was removed. Whether it was. Never rejects. */
  async #heal(served: ServedFolder | undefined): Promise<boolean> {
    const { path, logger } = this.#options;
    try {
      if ((await served?.heal()) !== true) return false;
      logger.warn(`the socket of the shared folder ${path} was removed; there is a new one`, { path });
      return true;
    } catch (error) {
      logger.warn(`others do not reach the shared folder ${path}: ${messageOf(error)}`, { path });
      return false;
    }
  }

  /** A socket that cannot be made anew is reached by nobody: whoever has the folder begins anew. */
  async #giveUp(): Promise<void> {
    const served = this.#served;
    if (served === undefined) return;
    this.#options.logger.warn(
      `the socket of the shared folder ${this.#options.path} is gone; a new one is made`,
    );
    this.#served = undefined;
    this.#roles.next('member');
    await served.close();
  }

  /** @throws DustError `storage` with detail `locked` unless the owner shares the folder */
  async #assertShared(refusal: unknown): Promise<void> {
    for (const isLast of [false, true]) {
      const owner = this.#parts.owner(this.#folder);
      if (owner?.isElsewhere === true) throw refusal;
      if (owner?.record.share !== undefined) return;
      // A lock is taken a moment before its owner is named.
      if (isLast) throw notShared(this.#options.path, owner?.record, refusal);
      await this.#pause(NAME_PATIENCE);
    }
  }

  /** @throws `error`, and again to whoever asks too soon */
  #leaveAlone(error: unknown): never {
    const { path, clock, logger } = this.#options;
    const ms = Math.min(REST.most, (this.#rest?.ms ?? REST.first / 2) * 2);
    this.#rest = { until: monotonicOf(clock) + ms, ms, error };
    if (this.#isOpen) logger.error(`the shared folder ${path} could not be taken over: ${messageOf(error)}`);
    throw error;
  }

  #assertRested(): void {
    const { clock } = this.#options;
    if (this.#rest !== undefined && monotonicOf(clock) < this.#rest.until) throw this.#rest.error;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw transportClosed('shared');
  }

  async #pause(ms: number): Promise<void> {
    this.#assertOpen();
    await new Promise<void>((done) => {
      this.#options.clock.schedule(done, ms, { keepAlive: true });
    });
    this.#assertOpen();
  }

  /** Keeps the process alive: between two owners it has no connection that would, and the next may be this one. */
  #stayAwake(): void {
    this.#stopWaking();
    if (this.#closing !== undefined) return;
    const again = (): void => {
      this.#stayAwake();
    };
    this.#stopWaking = this.#options.clock.schedule(again, MAX_DELAY, { keepAlive: true });
  }

  async #close(): Promise<void> {
    this.#stopWaking();
    this.#stopLooking();
    try {
      await this.#election?.catch(() => undefined);
      await this.#served?.close();
    } finally {
      this.#served = undefined;
      this.#roles.complete();
    }
  }
}

/** What cannot be followed stands as it is written: whoever opens it says what is wrong with it. */
function realFolder(path: string): string {
  try {
    return realWay(path);
  } catch {
    return resolve(path);
  }
}

function isLocked(error: unknown): boolean {
  return isDustError(error, 'storage') && error.detail === 'locked';
}
