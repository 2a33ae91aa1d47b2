import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Clock } from '../../clock.js';
import type { Bound } from '../../protocol/requests/budget.js';
import { BaseChanges } from './base-changes.js';
import type { CommitBounds } from './commit-bounds.js';
import type { CommitToApply, Mirror, OperationToApply } from '../mirror/mirror.js';
import type { SyncEngineParts } from '../parts.js';
import type { PrefixScope } from '../mirror/prefix-scope.js';
import type { Snapshot } from '../messages/read-messages.js';
import { Rebuild } from './rebuild.js';
import type { BufferedOperation, OperationSource, ReorderBuffer } from './reorder-buffer.js';
import { RunOfOperations } from './run-of-operations.js';
import type { ValueCheck } from './value-check.js';

/** What an {@link Intake} is made of. */
export interface IntakeOptions {
  readonly mirror: Mirror;
  readonly scope: PrefixScope;
  readonly buffer: ReorderBuffer;
  readonly values: ValueCheck;
  /** What may wait to be applied. */
  readonly applyBound?: Bound | undefined;
  readonly clock: Clock;
  readonly parts: Pick<SyncEngineParts, 'createCommitBounds'>;
  /** The mirror has moved on, or more is known of the store. */
  readonly onProgress: () => void;
  /** So much waits to be applied that no more had better come; or that is over. */
  readonly onCrowded?: ((isCrowded: boolean) => void) | undefined;
  /** A snapshot took the place of operations that nobody has seen. */
  readonly onOperationsSkipped: () => void;
  /** The mirror could not be written. */
  readonly onFault: (error: unknown) => void;
}

interface Completion {
  readonly throughSeq: number;
  readonly resolve: (isWhole: boolean) => void;
}

/** Applied at once, beyond the commit that reaches it, so that a long catch-up does not block the event loop. */
const CHUNK_SIZE = 1000;

/** How long to wait for more of a batch whose end only its next operation would show, in milliseconds. */
const BATCH_WAIT = 50;

/**
 * The one way into the mirror: takes operations and snapshots from any source in any order, and applies them in the
 * order of the store, each commit whole, one after the other.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #bases = new BaseChanges();
  #rebuild: Rebuild | undefined;
  /** What is to be applied next, in order. */
  readonly #ready: RunOfOperations;
  readonly #bounds: CommitBounds;
  /** Of the commit in front, those whose values can be trusted, or were read again. */
  #checked: OperationToApply[] = [];
  /** The last operation that was, or is being, applied. */
  #head: number;
  /** The last operation that is ready. */
  #tail: number;
  #highestKnown: number;
  /** The next one to be checked, whose value has to be read first. */
  #blocked: CommittedOperation | undefined;
  #snapshot: Snapshot | undefined;
  #catchUps = 0;
  #completions: Completion[] = [];
  #running = false;
  /** Whether something has come that the present run may have looked for already. */
  #isAsked = false;
  #work: Promise<void> | undefined;
  /** The last operation that was ready when a catch-up was cut short. */
  #cutShortAt: number | undefined;
  /** Calls off the wait for more of a batch. */
  #endWait: (() => void) | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#ready = new RunOfOperations(options.onCrowded, options.applyBound);
    this.#bounds = options.parts.createCommitBounds(this.#ready);
    this.#head = options.mirror.storeSeq;
    this.#tail = this.#head;
    this.#highestKnown = this.#head;
  }

  /** Every operation up to this one has been applied: where to catch up from. */
  get storeSeq(): number {
    return this.#rebuild?.storeSeq ?? this.#options.mirror.storeSeq;
  }

  /** Whether the mirror still shows a state that is being replaced. */
  get isRebuilding(): boolean {
    return this.#rebuild !== undefined;
  }

  /** The greatest seq that was heard of. */
  get highestKnown(): number {
    return this.#highestKnown;
  }

  /** Whether an operation is missing before one that is known. */
  get hasHole(): boolean {
    return !this.#running && this.#highestKnown > this.#tail;
  }

  /** Everything up to this one has come, though it may wait for the rest of its commit. */
  get arrivedThrough(): number {
    return this.#tail;
  }

  /** Takes an operation. False when it had to be left out because too many wait: a catch-up brings it again. */
  offer(operation: CommittedOperation, source: OperationSource): boolean {
    const { storeSeq } = operation;
    if (storeSeq <= this.#tail) return true;
    const buffered = { operation, source };
    const isNext = storeSeq === this.#tail + 1;
    const isKept = isNext ? this.#makeReady(buffered) : this.#options.buffer.add(buffered);
    this.learnOf(operation.commit?.last ?? storeSeq);
    this.#moveReady();
    this.#start();
    return isKept;
  }

  /** Takes the state up to a seq, unless the mirror is past it already. */
  offerSnapshot(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.learnOf(snapshot.storeSeq);
    this.#start();
  }

  /** The store has an operation with this seq. */
  learnOf(storeSeq: number): void {
    if (storeSeq > this.#highestKnown) this.#highestKnown = storeSeq;
  }

  /** The store has nothing beyond `storeSeq`: what claims to be is not, or not any more. */
  forgetBeyond(storeSeq: number): void {
    this.#options.buffer.dropBeyond(storeSeq);
    this.#highestKnown = Math.max(storeSeq, this.#head);
  }

  /**
   * A link asks for what follows {@link storeSeq}. What is applied from now on may be the base of values that it is told:
   * to be called before it asks.
   */
  beginCatchUp(): void {
    if (this.#catchUps === 0) this.#bases.clear();
    this.#catchUps++;
  }

  /** That link has joined, at a time when the store stood at `present`. */
  catchUpJoined(present: number): void {
    if (this.storeSeq === 0 && this.#options.mirror.hasStaleLeaves) {
      this.#rebuild ??= new Rebuild(this.#options.scope);
    }
    this.learnOf(present);
  }

  /** That link's catch-up has ended, or, unless it `isWhole`, the link has. */
  endCatchUp(isWhole: boolean): void {
    this.#catchUps--;
    if (!isWhole) this.#cutShortAt = this.#tail;
    // Nothing else may come to begin the wait for the rest of a batch.
    if (this.#bounds.isGuessed) this.#start();
  }

  /** Resolves, when all that was offered is applied, to whether the mirror holds everything up to `throughSeq`. */
  whole(throughSeq: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.#bounds.completeThrough(throughSeq);
      this.#completions.push({ throughSeq, resolve });
      this.#start();
    });
  }

  /** Forgets what is not applied: the next catch-up brings it again. */
  reset(): void {
    this.#options.buffer.clear();
    this.#options.values.stop();
    this.#blocked = undefined;
    this.#snapshot = undefined;
    this.#standAt(this.#running ? this.#head : this.storeSeq);
    this.#highestKnown = this.#head;
    for (const { resolve } of this.#completions.splice(0)) resolve(false);
  }

  /** The store moved backwards: begins again from 0. To be called after {@link reset}. */
  async startOver(): Promise<void> {
    this.#rebuild = undefined;
    await this.#options.mirror.forget();
    this.#standAt(0);
    this.#highestKnown = 0;
  }

  /** Resolves when nothing is being applied. */
  async idle(): Promise<void> {
    await this.#work;
  }

  #start(): void {
    this.#isAsked = true;
    if (this.#running) return;
    this.#running = true;
    this.#work = this.#run().catch((error: unknown) => {
      this.#running = false;
      this.#standAt(this.storeSeq);
      this.#options.onFault(error);
    });
  }

  async #run(): Promise<void> {
    while (this.#isAsked) {
      this.#isAsked = false;
      while (await this.#step()) this.#options.onProgress();
    }
    this.#running = false;
    if (this.#bounds.isGuessed && this.#isUpToDate) this.#waitForMore();
    this.#options.onProgress();
  }

  /** Whether nothing is known to be on its way: what is would say more of the batch in front. */
  get #isUpToDate(): boolean {
    return this.#catchUps === 0 && this.#highestKnown <= this.#tail;
  }

  /**
   * A batch may be over although nothing follows it. One that a catch-up was cut short in is not: others may never tell of the
   * rest (PROTOCOL §5.4), so that it is to be fetched, be it there or not.
   */
  #waitForMore(): void {
    if (this.#tail === this.#cutShortAt) {
      this.learnOf(this.#tail + 1);
      return;
    }
    if (this.#endWait !== undefined) return;
    const arrived = this.#tail;
    this.#endWait = this.#options.clock.schedule(() => {
      this.#endWait = undefined;
      // Where more has come since, that says nothing of it.
      if (this.#isUpToDate) this.#bounds.completeThrough(arrived);
      this.#start();
    }, BATCH_WAIT);
  }

  /** Does the next thing. False when there is none. */
  async #step(): Promise<boolean> {
    const snapshot = this.#takeSnapshot();
    if (snapshot !== undefined) {
      await this.#replace(snapshot);
      return true;
    }
    const commits = this.#takeChunk();
    if (commits.length > 0) {
      await this.#apply(commits);
      return true;
    }
    if (this.#blocked !== undefined) {
      await this.#options.values.read(this.#blocked, this.#ready.waiting());
      return true;
    }
    return this.#complete();
  }

  #moveReady(): void {
    const { buffer } = this.#options;
    for (let next = buffer.take(this.#tail + 1); next !== undefined; next = buffer.take(this.#tail + 1)) {
      if (this.#makeReady(next)) continue;
      // Its place is free: it was taken from there.
      buffer.add(next);
      return;
    }
  }

  #makeReady(next: BufferedOperation): boolean {
    if (!this.#ready.push(next)) return false;
    this.#tail = next.operation.storeSeq;
    return true;
  }

  #takeSnapshot(): Snapshot | undefined {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    return snapshot !== undefined && snapshot.storeSeq > this.#head ? snapshot : undefined;
  }

  #takeChunk(): CommitToApply[] {
    const chunk: CommitToApply[] = [];
    for (let size = 0; size < CHUNK_SIZE;) {
      const commit = this.#takeCommit();
      if (commit === undefined) break;
      chunk.push(commit);
      size += commit.length;
    }
    // What there was no room for before.
    this.#moveReady();
    return chunk;
  }

  /** The commit in front, when it is whole and every value in it can be trusted. */
  #takeCommit(): CommitToApply | undefined {
    // One that there is no room for is told in parts: waiting for its end would be waiting for ever.
    const length = this.#bounds.next() ?? (this.#ready.isCrowded ? this.#ready.size : 0);
    for (let i = this.#checked.length; i < length; i++) {
      const next = this.#ready.at(i);
      const checked = next && this.#check(next);
      if (checked === undefined) return undefined;
      this.#checked.push(checked);
    }
    const last = this.#checked.at(-1);
    if (length === 0 || last === undefined) return undefined;
    const commit = asCommit(this.#checked);
    this.#checked = [];
    this.#ready.take(length);
    this.#bounds.reset();
    this.#head = last.operation.storeSeq;
    return commit;
  }

  #check(next: BufferedOperation): OperationToApply | undefined {
    if (this.#blocked === undefined && !this.#isSuspect(next)) return next;
    const checked = this.#options.values.checked(next.operation);
    this.#blocked = checked === undefined ? next.operation : undefined;
    return checked;
  }

  #isSuspect({ operation, source }: BufferedOperation): boolean {
    if (this.#catchUps === 0 && source === 'live') return false;
    const mayBeWrong = this.#bases.note(operation);
    return mayBeWrong && source === 'catchUp' && this.#options.scope.keeps(operation.path);
  }

  /** Nothing is ready, and what comes next is what follows `storeSeq`. */
  #standAt(storeSeq: number): void {
    this.#ready.clear();
    this.#bounds.clear();
    this.#endWait?.();
    this.#endWait = undefined;
    this.#checked = [];
    this.#cutShortAt = undefined;
    this.#head = storeSeq;
    this.#tail = storeSeq;
  }

  async #apply(commits: readonly CommitToApply[]): Promise<void> {
    if (this.#rebuild === undefined) await this.#options.mirror.apply(commits, this.#highestKnown);
    else this.#rebuild.apply(commits);
  }

  async #replace({ storeSeq, leaves }: Snapshot): Promise<void> {
    this.#options.buffer.dropThrough(storeSeq);
    this.#blocked = undefined;
    this.#checked = [];
    this.#ready.dropThrough(storeSeq);
    this.#bounds.reset();
    this.#head = storeSeq;
    this.#tail = Math.max(this.#tail, storeSeq);
    this.#moveReady();
    this.#options.onOperationsSkipped();
    const kept = this.#options.scope.leavesWithin(leaves);
    if (this.#rebuild === undefined) await this.#options.mirror.replace(kept, storeSeq, true);
    else this.#rebuild.replace(kept, storeSeq);
  }

  async #complete(): Promise<boolean> {
    const completions = this.#completions.splice(0);
    if (completions.length === 0) return false;
    const { storeSeq } = this;
    const isWhole = completions.every(({ throughSeq }) => throughSeq <= storeSeq);
    if (isWhole && this.#rebuild !== undefined) {
      const rebuilt = this.#rebuild;
      await this.#options.mirror.replace(rebuilt.leaves(), storeSeq, false);
      this.#rebuild = undefined;
    }
    for (const { throughSeq, resolve } of completions) resolve(throughSeq <= storeSeq);
    return true;
  }
}

/** Those whose server does not tell what belongs together are told from now on. */
function asCommit(operations: readonly OperationToApply[]): CommitToApply {
  const [first, last] = [operations[0]?.operation, operations.at(-1)?.operation];
  if (first === undefined || last === undefined || first === last || first.commit !== undefined) {
    return operations;
  }
  const commit = { first: first.storeSeq, last: last.storeSeq };
  return operations.map(({ operation, ...rest }) => ({ ...rest, operation: { ...operation, commit } }));
}
