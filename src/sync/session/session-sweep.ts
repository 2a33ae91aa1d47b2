import type { Clock } from '../../clock.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { isBelow } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import type { Calls } from '../connection/calls.js';
import { isRecord } from '../messages/read-operation.js';
import { SESSION_PREFIX } from './session.js';
import type { StoreReader } from '../store-reader.js';

/** What a {@link SessionSweep} is made of. */
export interface SessionSweepOptions {
  readonly reader: StoreReader;
  readonly clock: Clock;
  readonly makeId: () => string;
  /** Whether this is a key of the engine's own. */
  readonly isOwn: (key: Path) => boolean;
}

const MAX_REMEMBERED = 256;
const MAX_PER_SWEEP = 16;
/** Milliseconds between sweeps. */
const INTERVAL = 3_600_000;
/** How long a lease must have been over: clocks differ, and nobody is in a hurry. Milliseconds. */
const MARGIN = 600_000;

/** Takes away the leases of sessions that crashed engines left behind (PROTOCOL §7): rarely, and a few at a time. */
export class SessionSweep {
  readonly #options: SessionSweepOptions;
  /** When the known sessions of others end. */
  readonly #known = new Map<Path, number>();
  #lastRun = -Infinity;

  constructor(options: SessionSweepOptions) {
    this.#options = options;
  }

  /** Takes note of an operation that may be of a session. */
  see({ op, path, value }: CommittedOperation): void {
    if (!isBelow(path, SESSION_PREFIX)) return;
    if (op === 'lease' || op === 'renew') this.#remember(path, value);
    else this.#known.delete(path);
  }

  /** Sweeps, if it is time to. Fails silently: the next sweep, or somebody else's, does it. */
  async run(calls: Calls): Promise<void> {
    const { clock, reader } = this.#options;
    const now = clock.now();
    if (now - this.#lastRun < INTERVAL) return;
    this.#lastRun = now;
    const over = [...this.#known].filter(([, expiresAt]) => expiresAt + MARGIN < now);
    const paths = over.slice(0, MAX_PER_SWEEP).map(([path]) => path);
    if (paths.length === 0) return;
    try {
      const leaves = await calls.whileOpen(reader.getMany(paths, { signal: new AbortController().signal }));
      for (const path of paths) {
        this.#known.delete(path);
        const leaf = leaves.get(path);
        if (leaf !== undefined && this.#isOver(leaf, now)) await this.#remove(calls, leaf);
      }
    } catch {
      // What is left behind harms nobody.
    }
  }

  #remember(path: Path, value: JsonValue): void {
    const expiresAt = expiryOf(value);
    if (expiresAt === undefined || this.#options.isOwn(path)) return;
    if (this.#known.size < MAX_REMEMBERED || this.#known.has(path)) this.#known.set(path, expiresAt);
  }

  #isOver(leaf: Leaf, now: number): boolean {
    const expiresAt = expiryOf(leaf.value);
    return expiresAt !== undefined && expiresAt + MARGIN < now;
  }

  async #remove(calls: Calls, { path, revision }: Leaf): Promise<void> {
    const client_op_id = this.#options.makeId();
    await calls.request('write', { op: 'delete', path, value: null, if_match: revision, client_op_id });
  }
}

function expiryOf(value: JsonValue): number | undefined {
  return isRecord(value) && value._type === 'lease' && typeof value.expires_at === 'number'
    ? value.expires_at
    : undefined;
}
