import { DustError, isDustError } from '../../errors.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { Foreseen, UniqueValues } from '../../store/index.js';
import { assertNotAborted } from '../abort.js';
import type { BatchOperation, RequestOptions, WriteOptions, WriteReceipt } from '../transport.js';
import type { HolderParts } from './claim-holders.js';
import { HolderWatch, readRecords } from './claim-holders.js';
import { CLAIMS, claimPath, claimsBelow } from './claim-paths.js';
import type { ClaimPlan, NeededClaim } from './claim-plan.js';
import { claimPathsOf, keeping, planClaims, releasing } from './claim-plan.js';
import { claimsContended } from './errors.js';
import { inGroups } from './in-groups.js';
import type { KeyLocks } from './key-locks.js';
import { mayHaveBeenWritten } from './may-have-been-written.js';

/** How often a write begins anew because others were faster, and how long it waits in between, in milliseconds. */
const MOST_ATTEMPTS = 20;
const PAUSE = 10;

/** A write of records that have something unique. */
export interface UniqueWrite {
  readonly operations: readonly BatchOperation[];
  /** Whether errors tell the place of an operation. */
  readonly isBatch: boolean;
  readonly options: WriteOptions;
  /** The same in a batch, for records that were read as these leaves; undefined where no batch says the same. */
  readonly inBatch: (leaves: readonly Leaf[]) => readonly BatchOperation[] | undefined;
  /** Whether {@link inBatch} goes by what was read, and is to be made anew when that has changed. */
  readonly isRelative: boolean;
  /** Makes the write as it is. Resolves to the receipt of each operation. */
  readonly send: () => Promise<readonly WriteReceipt[]>;
}

/** What {@link ClaimedWriter} works with. */
export interface WriterParts extends HolderParts {
  /** Of this process: those who need the same claims wait for each other, instead of finding out about each other in the store. */
  readonly locks: KeyLocks;
}

/** Somebody else has changed a claim since it was read. */
class ClaimChanged extends Error {}

/** What a write has taken and not committed yet, by path: the revision of each claim. */
type Taken = Map<Path, number>;

/**
 * Writes records together with the claims of their values. A claim is taken before the record is written, kept at the revision that is
 * known in the same commit as the record, and given back in the commit that changes the value: so a claim may be left without its
 * record, when somebody stops on the way, and no record without its claim.
 */
export class ClaimedWriter {
  readonly #parts: WriterParts;
  readonly #watch: HolderWatch;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#watch = new HolderWatch(parts);
  }

  /**
   * @throws DustError `exists` with detail `duplicate`; `conflict` with detail `unique_contention`; what the write itself meets
   */
  async write(write: UniqueWrite): Promise<readonly WriteReceipt[]> {
    const { foresight, locks, pause } = this.#parts;
    const { records, prefixes } = foresight.touchedBy(write.operations);
    if (records.size === 0 && prefixes.size === 0) return write.send();
    const release = await locks.take([...records, ...prefixes], write.options.signal);
    const taken: Taken = new Map();
    try {
      let last: unknown;
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        if (attempt > 0) await pause(PAUSE * attempt, write.options.signal);
        const outcome = await this.#attempt(write, [...records], [...prefixes], taken);
        if ('receipts' in outcome) return outcome.receipts;
        last = outcome.cause;
      }
      throw claimsContended([...records, ...prefixes][0] ?? CLAIMS, MOST_ATTEMPTS, last);
    } catch (error) {
      if (!mayHaveBeenWritten(error)) await this.#giveBack(taken);
      throw error;
    } finally {
      release();
    }
  }

  async #attempt(
    write: UniqueWrite,
    records: readonly Path[],
    prefixes: readonly Path[],
    taken: Taken,
  ): Promise<{ readonly receipts: readonly WriteReceipt[] } | { readonly cause: unknown }> {
    const { foresight, locks } = this.#parts;
    const { signal } = write.options;
    assertNotAborted(signal);
    const leaves = await readRecords(this.#parts, records, { signal, forWrite: true });
    const foreseen = foresight.foresee(write.operations, leaves, write.isBatch);
    const inBatch = write.inBatch(leaves);
    const paths = claimPathsOf(foreseen);
    if (paths.length === 0 && prefixes.length === 0) return { receipts: await write.send() };
    const release = await locks.take(paths, signal);
    try {
      const plan = await this.#plan(foreseen, paths, prefixes, taken, signal);
      const receipts = await this.#commit(write, inBatch, plan, prefixes, taken);
      for (const { path } of plan.needed) taken.delete(path);
      await this.#giveBack(taken);
      return { receipts };
    } catch (error) {
      if (error instanceof ClaimChanged || isToBeRepeated(error, write, inBatch)) return { cause: error };
      throw error;
    } finally {
      release();
    }
  }

  /** @throws DustError `exists` for values that another record has; ClaimChanged */
  async #plan(
    foreseen: Foreseen,
    paths: readonly Path[],
    prefixes: readonly Path[],
    taken: Taken,
    signal: AbortSignal | undefined,
  ): Promise<ClaimPlan> {
    const claims = await this.#parts.transport.getMany(paths, { signal, forWrite: true });
    const plan = planClaims(foreseen, claims);
    for (const { path, present, values } of plan.needed) {
      if (present?.value !== values.slug) taken.delete(path);
    }
    const replaced = new Set(prefixes);
    const before = new Set(foreseen.before.map(whose));
    const after = new Set(foreseen.after.map(whose));
    const held: UniqueValues[] = [];
    for (const values of foreseen.after) {
      const present = claims.get(claimPath(values));
      if (present === undefined || present.value === values.slug) continue;
      if (replaced.has(values.definition.prefix)) continue;
      const holder = typeof present.value === 'string' ? { ...values, slug: present.value } : undefined;
      if (holder !== undefined && before.has(whose(holder))) {
        // A record of this write, which may give the values away in it.
        if (after.has(whose(holder))) held.push(holder);
        continue;
      }
      const state = await this.#watch.resolve(values, present, { signal });
      if (state.kind === 'changed') throw new ClaimChanged();
      if (state.kind === 'held') held.push(state.by);
    }
    foreseen.assertUnique(held);
    return plan;
  }

  async #commit(
    write: UniqueWrite,
    inBatch: readonly BatchOperation[] | undefined,
    { needed, released }: ClaimPlan,
    prefixes: readonly Path[],
    taken: Taken,
  ): Promise<readonly WriteReceipt[]> {
    const { transport } = this.#parts;
    const { signal, clientOpId, fence } = write.options;
    const { atomicBatch, batchIfAbsent } = transport.capabilities;
    const replaced = new Set(prefixes);
    const apart = needed.filter(({ values }) => !replaced.has(values.definition.prefix));
    const fresh = needed.filter(({ values }) => replaced.has(values.definition.prefix));
    const count = (inBatch?.length ?? Infinity) + needed.length + released.length + prefixes.length;
    const isTogether = atomicBatch && fence === undefined && count <= MAX_BATCH_OPERATIONS;
    if (!isTogether || inBatch === undefined) {
      return this.#oneByOne(write, { needed, released }, prefixes, taken);
    }
    if (!batchIfAbsent) await this.#takeAbsent(apart, taken, { signal });
    const claims: BatchOperation[] = [
      ...prefixes.map((prefix): BatchOperation => ({ op: 'delete', path: claimsBelow(prefix) })),
      ...fresh.map(({ path, values }): BatchOperation => ({ op: 'set', path, value: values.slug })),
      ...apart.map((claim): BatchOperation => {
        const revision = taken.get(claim.path) ?? claim.present?.revision;
        if (revision !== undefined) return keeping(claim, revision);
        return { op: 'set', path: claim.path, value: claim.values.slug, ifAbsent: true };
      }),
      ...releasing(released),
    ];
    const { operations } = await transport.batchWrite([...inBatch, ...claims], { signal, clientOpId });
    return operations.slice(0, inBatch.length);
  }

  /** Where no commit holds both: first the claims, then the records, then what is given back. */
  async #oneByOne(
    write: UniqueWrite,
    { needed, released }: ClaimPlan,
    prefixes: readonly Path[],
    taken: Taken,
  ): Promise<readonly WriteReceipt[]> {
    const { transport } = this.#parts;
    const { options } = write;
    await this.#takeAbsent(needed, taken, options);
    await inGroups(needed, async (claim) => {
      const { path, present, values } = claim;
      if (present === undefined || taken.has(path)) return;
      const { storeSeq } = await transport.set(path, values.slug, {
        ifMatch: present.revision,
        signal: options.signal,
      });
      if (present.value !== values.slug) taken.set(path, storeSeq);
    });
    const receipts = await write.send();
    const wanted = new Set(needed.map(({ path }) => path));
    for (const prefix of prefixes) await this.#releaseAll(prefix, wanted);
    await inGroups(released, ({ path, revision }) => this.#releaseOne(path, revision));
    return receipts;
  }

  /** @throws ClaimChanged */
  async #takeAbsent(needed: readonly NeededClaim[], taken: Taken, { signal }: RequestOptions): Promise<void> {
    await inGroups(needed, async ({ path, values, present }) => {
      if (present !== undefined || taken.has(path)) return;
      taken.set(path, await this.#takeOne(path, values.slug, signal));
    });
  }

  async #takeOne(path: Path, slug: string, signal: AbortSignal | undefined): Promise<number> {
    const { transport } = this.#parts;
    try {
      return (await transport.set(path, slug, { ifAbsent: true, signal })).storeSeq;
    } catch (error) {
      if (isDustError(error, 'exists')) throw new ClaimChanged();
      if (!mayHaveBeenWritten(error)) throw error;
      assertNotAborted(signal);
      // Nobody knows whether it was taken; the record was not written for certain.
      const claim = (await transport.getMany([path], { signal, forWrite: true })).get(path);
      if (claim?.value === slug) return claim.revision;
      throw new ClaimChanged();
    }
  }

  /** What cannot be given back is left behind, for the next one who wants it. Never rejects. */
  async #giveBack(taken: Taken): Promise<void> {
    await inGroups([...taken], ([path, revision]) => this.#releaseOne(path, revision));
  }

  async #releaseOne(path: Path, revision: number): Promise<void> {
    try {
      await this.#parts.transport.delete(path, { ifMatch: revision });
    } catch (error) {
      if (!(error instanceof DustError)) throw error;
    }
  }

  async #releaseAll(prefix: Path, except: ReadonlySet<Path>): Promise<void> {
    try {
      const claims: readonly Leaf[] = await this.#parts.transport.subtree(claimsBelow(prefix));
      const old = claims.filter(({ path }) => !except.has(path));
      await inGroups(old, ({ path, revision }) => this.#releaseOne(path, revision));
    } catch (error) {
      if (!(error instanceof DustError)) throw error;
    }
  }
}

/** Whether a commit was refused for what has changed since it was planned, or for being a batch where the server turned out to take none. */
function isToBeRepeated(
  error: unknown,
  { isBatch, isRelative }: UniqueWrite,
  inBatch: readonly BatchOperation[] | undefined,
): boolean {
  if (isDustError(error, 'not_implemented')) return !isBatch && inBatch !== undefined;
  if (!isDustError(error, 'conflict') && !isDustError(error, 'exists')) return false;
  if (error.detail === 'duplicate') return false;
  if (isRelative || error.path?.startsWith(`${CLAIMS}/`) === true) return true;
  return inBatch !== undefined && error.opIndex !== undefined && error.opIndex >= inBatch.length;
}

function whose({ definition, key, slug }: UniqueValues): string {
  return JSON.stringify([definition.prefix, definition.parts.map(({ path }) => path), key, slug]);
}
