import { untilAborted } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { isDustError } from '../../errors.js';
import type { HeldState, StoreCopy } from '../../store/index.js';
import type { ClusterMark } from '../apply/cluster-mark.js';
import { clusterClosed } from '../errors.js';
import type { SnapshotProposal } from '../frame/proposal.js';
import { Pause } from '../log/pause.js';
import type { ReplicatedLog } from '../log/replicated-log.js';
import type { ClusterParts } from '../parts.js';
import { damagedSnapshot, momentMissed } from './errors.js';
import { snapshotBytes } from './snapshot-format.js';
import type { SnapshotKeeper } from './snapshot-marks.js';
import { KEEPER_LEASE } from './snapshot-marks.js';
import { SNAPSHOTS, positionOf, snapshotName } from './snapshot-name.js';

/** After how much of the log a snapshot is due: whichever comes first. */
export interface SnapshotInterval {
  /** Operations of the store. */
  readonly operations: number;
  /** Bytes of frames. */
  readonly bytes: number;
}

/** A snapshot on the shelf. */
export interface TakenSnapshot {
  /** The position of the log that it goes on from. */
  readonly position: number;
  /** How large it is, compressed. */
  readonly bytes: number;
}

/** What a {@link SnapshotTaker} works with. */
export interface SnapshotTakerParts {
  readonly log: ReplicatedLog;
  readonly copy: StoreCopy;
  readonly clock: Clock;
  readonly random: () => number;
  /** Names this node. No other has the name. */
  readonly node: string;
  readonly every: SnapshotInterval;
  readonly parts: Pick<ClusterParts, 'verifySnapshot' | 'trimThrough' | 'compression'>;
  readonly mark: () => ClusterMark;
  /** Whether this node has read the log to its end. */
  readonly isCurrent: () => boolean;
  /** Resolves when this node has applied it. @throws DustError what it was refused with, and what every proposal fails with */
  readonly propose: (proposal: SnapshotProposal) => Promise<unknown>;
  /** Hears of a snapshot that failed. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** How often it is looked at whether one is due, in milliseconds; up to twice as long, so that not all nodes ask at once. */
const CHECK_INTERVAL = 1_000;

/** After a failure, in milliseconds; up to twice as long. */
const RETRY_INTERVAL = 60_000;

const RENEW_INTERVAL = KEEPER_LEASE / 3;

/** Takes a snapshot whenever one is due and no other node does, and trims the log by those that were read back. */
export class SnapshotTaker {
  readonly #parts: SnapshotTakerParts;
  readonly #end = new AbortController();
  readonly #pause: Pause;
  readonly #running: Promise<void>;
  #taking: Promise<TakenSnapshot> | undefined;
  /** Whether a claim of this node is on its way. */
  #isClaiming = false;
  #held: { readonly state: HeldState; readonly keeper: SnapshotKeeper } | undefined;
  /** The claim of another node, and since when it has not been renewed. */
  #other: { readonly position: number; readonly until: number; readonly since: number } | undefined;

  constructor(parts: SnapshotTakerParts) {
    this.#parts = parts;
    this.#pause = new Pause(parts.clock);
    this.#running = this.#run();
  }

  /** To be called for every frame, before the next one is applied. Never throws. */
  applied(): void {
    if (!this.#isClaiming) return;
    const { position, snapshots } = this.#parts.mark();
    const { keeper } = snapshots;
    if (keeper?.node !== this.#parts.node || keeper.position !== position) return;
    this.#isClaiming = false;
    try {
      this.#held = { state: this.#parts.copy.hold(), keeper };
    } catch (error) {
      this.#parts.onFailure(error);
    }
  }

  /**
   * Takes one, or waits for the one that is being taken.
   *
   * @throws DustError `held` when another node takes one, `closed`, and what the log, the shelf and the copy fail with
   */
  take(): Promise<TakenSnapshot> {
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  /** Resolves when nothing is taken any more. Never rejects. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#running;
    await this.#taking?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#wait(CHECK_INTERVAL);
      if (this.#isEnded) return;
      if (this.#isDue()) await this.take().catch((error: unknown) => this.#failed(error));
    }
  }

  async #failed(error: unknown): Promise<void> {
    // Another node was first, as it should be.
    if (this.#isEnded || isDustError(error, 'held')) return;
    this.#parts.onFailure(error);
    await this.#wait(RETRY_INTERVAL);
  }

  #wait(ms: number): Promise<void> {
    return this.#pause.wait(ms * (1 + this.#parts.random()), this.#end.signal);
  }

  get #isEnded(): boolean {
    return this.#end.signal.aborted;
  }

  #isDue(): boolean {
    const { every, mark, copy, isCurrent } = this.#parts;
    const { keeper, taken, bytes } = mark().snapshots;
    if (this.#isBeingTaken(keeper) || !isCurrent()) return false;
    const last = taken.at(-1) ?? { storeSeq: 0, bytes: 0, size: 0 };
    const grown = bytes - last.bytes;
    // A large one is worth as much of the log as it is long: else a busy cluster would take them all the time.
    if (grown < last.size) return false;
    return copy.storeSeq - last.storeSeq >= every.operations || grown >= every.bytes;
  }

  #isBeingTaken(keeper: SnapshotKeeper | undefined): boolean {
    if (keeper === undefined || keeper.node === this.#parts.node) return false;
    const now = monotonicOf(this.#parts.clock);
    const { position, until } = keeper;
    if (this.#other?.position !== position || this.#other.until !== until) {
      this.#other = { position, until, since: now };
    }
    return now - this.#other.since < KEEPER_LEASE;
  }

  async #take(): Promise<TakenSnapshot> {
    const { node } = this.#parts;
    const { state, keeper } = await this.#claim();
    const { position, abandoned } = keeper;
    const stopRenewing = this.#renew(position);
    try {
      const size = await this.#put(position, state);
      await this.#propose({ kind: 'snapshot', step: 'taken', node, position, size });
      await this.#tidy(abandoned);
      return { position, bytes: size };
    } catch (error) {
      // Where it is not known whether all count on it, it stays.
      if (isDustError(error, 'not_held')) await this.#remove(position);
      throw error;
    } finally {
      stopRenewing();
    }
  }

  /** Asks to be the one who takes one, and holds the state right behind that. */
  async #claim(): Promise<{ readonly state: HeldState; readonly keeper: SnapshotKeeper }> {
    const { node } = this.#parts;
    if (this.#isEnded) throw clusterClosed();
    this.#isClaiming = true;
    try {
      await this.#propose({ kind: 'snapshot', step: 'claim', node });
    } catch (error) {
      this.#held?.state.release();
      this.#held = undefined;
      throw error;
    } finally {
      this.#isClaiming = false;
    }
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) throw momentMissed();
    return held;
  }

  /** Whoever closes the node does not wait for the log. */
  #propose(proposal: SnapshotProposal): Promise<unknown> {
    return untilAborted(this.#parts.propose(proposal), this.#end.signal, clusterClosed);
  }

  /** Puts it on the shelf and reads it back. What fails leaves nothing there. Returns its size. */
  async #put(position: number, state: HeldState): Promise<number> {
    const { shelf } = this.#parts.log;
    const { verifySnapshot, compression } = this.#parts.parts;
    const options = { signal: this.#end.signal, compression };
    const name = snapshotName(position);
    try {
      await shelf.put(name, snapshotBytes(state, options));
      const [item] = await shelf.list(name);
      const bytes = await shelf.get(name);
      if (item === undefined || bytes === null) throw damagedSnapshot('it is not where it was put');
      await verifySnapshot(bytes, position, options);
      return item.size;
    } catch (error) {
      await this.#remove(position);
      throw this.#isEnded ? clusterClosed() : error;
    } finally {
      state.release();
    }
  }

  /** Asks for more time as long as it takes. Returns what ends that. */
  #renew(position: number): () => void {
    const { node, propose, clock } = this.#parts;
    let cancel: () => void;
    const again = (): void => {
      cancel = clock.schedule(() => {
        // The snapshot goes on without: it is found out when it is there.
        propose({ kind: 'snapshot', step: 'renew', node, position }).catch(() => undefined);
        again();
      }, RENEW_INTERVAL);
    };
    again();
    return () => {
      cancel();
    };
  }

  /** Drops what is of no use any more. When it fails, the next snapshot does it. */
  async #tidy(abandoned: number | undefined): Promise<void> {
    const { log, mark, parts, onFailure } = this.#parts;
    const { taken } = mark().snapshots;
    try {
      if (abandoned !== undefined && taken.every(({ position }) => position !== abandoned)) {
        await log.shelf.remove(snapshotName(abandoned));
      }
      const through = parts.trimThrough(taken);
      if (through === 0) return;
      await log.trim(through);
      for (const { name } of await log.shelf.list(SNAPSHOTS)) {
        const position = positionOf(name);
        if (position !== undefined && position < through) await log.shelf.remove(name);
      }
    } catch (error) {
      if (!this.#isEnded) onFailure(error);
    }
  }

  async #remove(position: number): Promise<void> {
    await this.#parts.log.shelf.remove(snapshotName(position)).catch(() => undefined);
  }
}
