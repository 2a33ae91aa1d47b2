import { isDustError } from '../errors.js';
import type { Path } from '../protocol/paths/path.js';
import { childPath, parsePath } from '../protocol/paths/path.js';
import { isOutcomeUnknown } from '../protocol/requests/unknown-outcome.js';
import type { Fence, Transport } from '../transport/transport.js';
import { recordOccupied, takenOver } from './errors.js';
import { recordIn, recordText } from './record-text.js';
import type { Recorded } from './state.js';

/** Where the records of migrations lie, each one leaf under the migration's name. */
const MIGRATIONS: Path = '_dust:migrations';

/** A record, and the revision of its leaf: undefined where there is none. */
export interface KeptRecord {
  readonly record: Recorded;
  readonly revision: number | undefined;
}

const NOTHING: KeptRecord = { record: undefined, revision: undefined };

/** The records of migrations in a store. Each is one leaf, so that a write of one can depend on its revision, on every transport. */
export class MigrationRecords {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The records by name. @throws DustError `occupied` when something else lies there; what every read may meet */
  async all(): Promise<ReadonlyMap<string, KeptRecord>> {
    const kept = new Map<string, KeptRecord>();
    for (const { path, value, revision } of await this.#transport.subtree(MIGRATIONS, { forWrite: true })) {
      const [, name, ...more] = parsePath(path);
      const record = recordIn(value);
      if (name === undefined || more.length > 0 || record === undefined) throw recordOccupied(path);
      kept.set(name, { record, revision });
    }
    return kept;
  }

  /** As {@link all}, with what was acknowledged anywhere before the call, where the transport can tell. */
  async allCurrent(): Promise<ReadonlyMap<string, KeptRecord>> {
    if (this.#transport.capabilities.barrier === true) await this.#transport.barrier?.();
    return this.all();
  }

  /**
   * Writes the next record of a migration in the place of the one that was kept, and under the fence.
   *
   * @throws DustError `not_held` when another process has written one meanwhile or holds the lease; what every write may meet
   */
  async replace(name: string, { revision }: KeptRecord, next: Recorded, fence?: Fence): Promise<KeptRecord> {
    const path = childPath(MIGRATIONS, name);
    const text = next && recordText(next);
    const condition = revision === undefined ? { ifAbsent: true } : { ifMatch: revision };
    try {
      if (text !== undefined) {
        const { storeSeq } = await this.#transport.set(path, text, { ...condition, fence });
        return { record: next, revision: storeSeq };
      }
      if (revision !== undefined) await this.#transport.delete(path, { ifMatch: revision, fence });
      return NOTHING;
    } catch (error) {
      if (!isRefusal(error) && !isOutcomeUnknown(error)) throw error;
      // An answer that was lost, or a request that was made again: then it is this very record that is there.
      const leaf = (await this.#transport.getMany([path], { forWrite: true })).get(path);
      if (leaf === undefined && text === undefined) return NOTHING;
      if (leaf !== undefined && leaf.value === text) return { record: next, revision: leaf.revision };
      throw isRefusal(error) ? takenOver(name, error) : error;
    }
  }
}

function isRefusal(error: unknown): boolean {
  return isDustError(error, 'conflict') || isDustError(error, 'exists') || isDustError(error, 'fenced');
}
