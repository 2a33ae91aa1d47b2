import { resolve } from 'node:path';
import type { Observable } from 'rxjs';
import { combineLatest, distinctUntilChanged, map, takeWhile } from 'rxjs';
import { MAX_DELAY, monotonicOf, systemClock } from '../clock.js';
import { isDustError } from '../errors.js';
import { consoleLogger } from '../logging.js';
import type { ChannelTransport } from '../transport/channel/index.js';
import { EngineRegistry, createChannelTransport } from '../transport/channel/index.js';
import { notConnected, transportClosed } from '../transport/errors.js';
import { ForwardingTransport } from '../transport/forwarding-transport.js';
import { STORE_CAPABILITIES } from '../transport/store-capabilities.js';
import type {
  RequestOptions,
  Transport,
  TransportCapabilities,
  TransportStatus,
} from '../transport/transport.js';
import { askForBackup } from './ask-for-backup.js';
import { ownerSilent } from './errors.js';
import { FolderShare, LOOK_AGAIN } from './folder-share.js';
import type { ShareRole } from './folder-share.js';
import type { SharedFolderOptions } from './options.js';
import { PatientClient } from './patient-client.js';
import type { ShareParts } from './share-parts.js';
import { SHARED_STORE, SHARED_TOKEN, SHARED_URL } from './wire-names.js';

/** The next owner is there within a second: whoever waits for it looks often. */
const BACKOFF = { base: LOOK_AGAIN, max: LOOK_AGAIN };

/** How long connecting goes on while owners come and go, in milliseconds. */
const CONNECT_PATIENCE = 60_000;

/**
 * The way to a folder that several processes of one machine share: one of them has it and serves it, the others reach it through that one,
 * and another one takes over when it ends. Each keeps a mirror of what its entities describe, and reads from that.
 */
export class SharedFolderTransport extends ForwardingTransport {
  readonly #options: SharedFolderOptions;
  readonly #share: FolderShare;
  readonly #channel: ChannelTransport;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isOpen = false;

  /** Opens nothing before `connect`. @param parts for tests: the system that the folder lies on */
  constructor(options: SharedFolderOptions, parts?: ShareParts) {
    super();
    const { path, takeOver, verify, ...settings } = options;
    const { clock = systemClock, logger = consoleLogger, random = Math.random } = options;
    const { staleAfter = MAX_DELAY, limits } = options;
    this.#options = options;
    this.#share = new FolderShare({ path, takeOver, verify, clock, logger, random }, parts);
    this.#channel = createChannelTransport(
      {
        ...settings,
        url: SHARED_URL,
        store: SHARED_STORE,
        token: SHARED_TOKEN,
        staleAfter,
        limits: { backoff: BACKOFF, ...limits },
      },
      new EngineRegistry(),
      { dial: this.#share.dial, over: (client) => new PatientClient(client, { clock, random }) },
    );
  }

  /** Before it is connected, what whoever has the folder will be able to do. */
  override get capabilities(): TransportCapabilities {
    return this.#isOpen ? this.#channel.capabilities : STORE_CAPABILITIES;
  }

  /**
   * Takes the folder or joins those who share it, and waits a while for the mirror to be whole.
   *
   * @throws DustError `storage` when the folder cannot be opened, with detail `locked` when whoever has it does not share it; `timeout` when it
   * does not answer; `not_supported` on Windows; the call may be made again
   */
  override connect(): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(transportClosed('shared'));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /**
   * Waits for the writes under way, as over any channel. When this process has the folder it then lets those of the others end, and gives
   * it back: another one goes on with it.
   */
  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  override async status(options?: RequestOptions): Promise<TransportStatus> {
    return { ...(await this.#channel.status(options)), shared: this.#share.role };
  }

  /** `degraded` while the folder has no owner that answers; `shared` says whether this process has it. */
  override get status$(): Observable<TransportStatus> {
    return combineLatest([this.#channel.status$, this.#share.roles$]).pipe(
      map(([status, shared]) => ({ ...status, shared })),
      distinctUntilChanged(isSame),
      takeWhile(({ state }) => state !== 'closed', true),
    );
  }

  /** Whoever has the folder copies it. */
  async backup(folder: string): Promise<void> {
    if (this.#closing !== undefined) throw transportClosed('shared');
    if (!this.#isOpen) throw notConnected('shared');
    const out = resolve(folder);
    const { served } = this.#share;
    await (served === undefined ? askForBackup(this.#share.dial, out) : served.backup(out));
  }

  protected get way(): Transport {
    return this.#channel;
  }

  /** Whoever was found may have ended before it was asked. */
  async #open(): Promise<void> {
    const { path, clock = systemClock } = this.#options;
    const begin = monotonicOf(clock);
    for (;;) {
      await this.#share.open();
      try {
        await this.#channel.connect();
        this.#isOpen = true;
        return;
      } catch (error) {
        const elapsed = Math.round(monotonicOf(clock) - begin);
        if (isDustError(error, 'timeout')) throw ownerSilent(path, elapsed, error);
        if (!isDustError(error, 'network') || elapsed >= CONNECT_PATIENCE) throw error;
      }
    }
  }

  async #close(): Promise<void> {
    try {
      await this.#channel.close();
    } finally {
      await this.#share.close();
    }
  }
}

function isSame(
  a: TransportStatus & { shared: ShareRole },
  b: TransportStatus & { shared: ShareRole },
): boolean {
  return (
    a.state === b.state && a.readsFrom === b.readsFrom && a.storeSeq === b.storeSeq && a.shared === b.shared
  );
}
