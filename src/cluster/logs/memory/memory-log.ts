import { assertNotAborted } from '../../../abort-listener.js';
import type { Clock } from '../../../clock.js';
import { steadyTime, systemClock } from '../../../clock.js';
import { logClosed, logTrimmed, notAppended, otherLog } from '../../errors.js';
import { fingerprintOf } from '../../log/fingerprint.js';
import { LogListeners } from '../../log/log-listeners.js';
import type {
  AppendOptions,
  KnownEntry,
  LogBounds,
  LogBoundsOptions,
  LogEntry,
  LogReadOptions,
  ReplicatedLog,
} from '../../log/replicated-log.js';
import { MemoryShelf } from './memory-shelf.js';

/** What a {@link MemoryLog} goes by. */
export interface MemoryLogOptions {
  /** What entries are dated by. Default the machine's. */
  readonly clock?: Clock | undefined;
}

/** A log for the nodes of one process: for tests, and to try a cluster without an engine. Nothing outlives the process. */
export class MemoryLog {
  readonly shelf = new MemoryShelf();
  readonly #now: () => number;
  readonly #listeners = new LogListeners();
  #entries: LogEntry[] = [];
  #trimmed = 0;

  constructor({ clock = systemClock }: MemoryLogOptions = {}) {
    this.#now = steadyTime(clock);
  }

  get bounds(): LogBounds {
    const last = this.#trimmed + this.#entries.length;
    return { first: this.#entries.length === 0 ? 0 : this.#trimmed + 1, last };
  }

  /** @throws DustError `network` with detail `other_log` */
  append(bytes: Uint8Array, after?: KnownEntry): number {
    if (after !== undefined && !this.#mayHave(after)) throw notAppended(after.position);
    const position = this.#trimmed + this.#entries.length + 1;
    this.#entries.push({ position, time: this.#now(), bytes: new Uint8Array(bytes) });
    this.#listeners.tell();
    return position;
  }

  /** @throws DustError `resync_required` with detail `log_trimmed`, `storage` with detail `diverged` */
  read(from: number, maxBytes: number, follows?: string): readonly LogEntry[] {
    if (from <= this.#trimmed) throw logTrimmed(from, this.#trimmed + 1);
    if (follows !== undefined) this.assertHas({ position: from - 1, fingerprint: follows });
    const found: LogEntry[] = [];
    let bytes = 0;
    for (let i = from - this.#trimmed - 1; i < this.#entries.length; i++) {
      const entry = this.#entries[i];
      if (entry === undefined || (found.length > 0 && bytes + entry.bytes.length > maxBytes)) break;
      bytes += entry.bytes.length;
      found.push(entry);
    }
    return found;
  }

  /** @throws DustError `storage` with detail `diverged` when another entry lies there */
  assertHas({ position, fingerprint }: KnownEntry): void {
    const found = this.#fingerprintAt(position);
    if (found !== undefined && found !== fingerprint) throw otherLog(position);
  }

  trim(through: number): void {
    const dropped = Math.min(Math.max(through - this.#trimmed, 0), this.#entries.length);
    this.#entries = this.#entries.slice(dropped);
    this.#trimmed += dropped;
  }

  watch(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Of the last one that was trimmed away nothing is known but its place. */
  #mayHave({ position, fingerprint }: KnownEntry): boolean {
    return position === this.#trimmed || this.#fingerprintAt(position) === fingerprint;
  }

  #fingerprintAt(position: number): string | undefined {
    const entry = this.#entries[position - this.#trimmed - 1];
    return entry && fingerprintOf(entry);
  }

  /** A connection of one node: closing it ends nothing for the others. */
  connect(): ReplicatedLog {
    return new MemoryLogConnection(this);
  }
}

class MemoryLogConnection implements ReplicatedLog {
  readonly name = 'memory';
  readonly #log: MemoryLog;
  readonly #watches = new Set<() => void>();
  #isClosed = false;

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  get shelf(): MemoryShelf {
    return this.#log.shelf;
  }

  async append(bytes: Uint8Array, { after, signal }: AppendOptions = {}): Promise<number> {
    await this.#turn(signal);
    return this.#log.append(bytes, after);
  }

  async read(from: number, { maxBytes, follows, signal }: LogReadOptions): Promise<readonly LogEntry[]> {
    await this.#turn(signal);
    return this.#log.read(from, maxBytes, follows);
  }

  async bounds({ known, signal }: LogBoundsOptions = {}): Promise<LogBounds> {
    await this.#turn(signal);
    if (known !== undefined) this.#log.assertHas(known);
    return this.#log.bounds;
  }

  watch(listener: () => void): () => void {
    const end = this.#log.watch(listener);
    this.#watches.add(end);
    return () => {
      this.#watches.delete(end);
      end();
    };
  }

  async trim(through: number): Promise<void> {
    await this.#turn();
    this.#log.trim(through);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#watches) end();
    this.#watches.clear();
    return Promise.resolve();
  }

  /** An engine answers in a later turn. */
  async #turn(signal?: AbortSignal): Promise<void> {
    this.#assertOpen(signal);
    await Promise.resolve();
    this.#assertOpen(signal);
  }

  #assertOpen(signal?: AbortSignal): void {
    if (this.#isClosed) throw logClosed();
    assertNotAborted(signal);
  }
}
