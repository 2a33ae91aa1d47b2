import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { LogEntry } from '../../../../src/cluster/log/replicated-log.js';
import { isDustError } from '../../../../src/errors.js';
import type { Commit, CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { marksAt, operationsInWindow } from '../../../../src/store/logged/dedupe-window.js';
import type { TimeMark } from '../../../../src/store/logged/logged-state.js';

/** What came of something that somebody asked for. */
export type Outcome = { readonly done: unknown } | { readonly refused: string };

/** An operation that was applied, and when. */
export interface Applied {
  readonly operation: CommittedOperation;
  readonly time: number;
}

const HOUR = 3_600_000;

/** One plain store, that is fed what a log holds, each frame once, by the calls that everybody makes. */
export class Oracle {
  readonly #storage: StoreStorage = createMemoryStorage();
  readonly store: Store;
  readonly commits: Commit[] = [];
  readonly applied: Applied[] = [];
  /** By the device that asked. */
  readonly outcomes = new Map<string, Outcome[]>();
  readonly #contents: ReadonlyMap<string, Uint8Array>;
  readonly #sessions = new Map<string, { since: number; number: number; time: number }>();
  #forgotten = -1;
  #time = 0;
  #marks: readonly TimeMark[] = [];

  constructor(contents: ReadonlyMap<string, Uint8Array>) {
    this.#contents = contents;
    this.store = new Store({
      storage: this.#storage,
      clock: { now: () => this.#time, monotonic: () => 0, schedule: () => () => undefined },
      log: { keep: 1_000_000_000, limit: 1_000_000_000 },
    });
    this.store.watch(Pattern.parse('**'), (commit) => this.commits.push(commit));
  }

  async feed({ bytes, time }: LogEntry): Promise<void> {
    this.#time = Math.max(this.#time, time);
    const { storeSeq } = this.store.status();
    this.#marks = marksAt(this.#marks, { storeSeq, time: this.#time });
    const [, [session, since], number, , , proposals] = JSON.parse(Buffer.from(bytes).toString()) as Wire;
    if (!this.#isNew({ session, since, number, time })) return;
    for (const proposal of proposals) await this.#carryOut(proposal);
  }

  #isNew({
    session,
    since,
    number,
    time,
  }: {
    session: string;
    since: number;
    number: number;
    time: number;
  }): boolean {
    const known = this.#sessions.get(session);
    if (number !== (known?.number ?? 0) + 1) return false;
    if (known === undefined && since <= this.#forgotten) return false;
    for (const [id, other] of this.#sessions) {
      if (id === session || time - other.time < HOUR) continue;
      this.#sessions.delete(id);
      this.#forgotten = Math.max(this.#forgotten, other.since);
    }
    this.#sessions.set(session, { since: known?.since ?? since, number, time });
    return true;
  }

  async #carryOut(proposal: any): Promise<void> {
    const before = this.store.status().storeSeq;
    const device: unknown = proposal.by?.deviceId ?? proposal.request?.deviceId;
    let outcome: Outcome;
    try {
      outcome = { done: await this.#ask(proposal) };
    } catch (error) {
      if (!isDustError(error)) throw error;
      outcome = { refused: `${error.kind} ${error.detail ?? ''}` };
    }
    if (typeof device === 'string') {
      this.outcomes.set(device, [...(this.outcomes.get(device) ?? []), outcome]);
    }
    for (const operation of this.#storage.log.since(before)) {
      this.applied.push({ operation, time: this.#time });
    }
  }

  async #ask(proposal: any): Promise<unknown> {
    switch (proposal.kind) {
      case 'commit':
        return this.#commit(proposal);
      case 'rollback':
        return this.store.rollback(proposal.request);
      case 'compact':
        return this.store.compact({ keep: Math.max(proposal.keep ?? 10_000, this.#inWindow()) });
      case 'keepIndexes':
        return this.store.keepIndexes(proposal.prefix, proposal.definitions);
      case 'dropIndex':
        return this.store.dropIndex(proposal.prefix, proposal.definition);
      default:
        return undefined;
    }
  }

  #inWindow(): number {
    return operationsInWindow(this.#marks, { storeSeq: this.store.status().storeSeq, time: this.#time });
  }

  async #commit({ by, commands, isBatch }: any): Promise<unknown> {
    const { mayBeRepeated = false, ...context } = by;
    const common = { ...context, deduplicate: mayBeRepeated };
    const requests = commands.map(({ opIndex: _, leafTypes, ...command }: any) => ({
      ...command,
      ...(leafTypes === undefined ? {} : { leafTypes: new Map(leafTypes) }),
    }));
    if (isBatch === true) return this.store.writeBatch({ ...common, operations: requests });
    const [{ op, file, ...request }] = requests;
    switch (op) {
      case 'put_file': {
        const { filename, contentType, hash } = file;
        const content = this.#contents.get(hash)!;
        return this.store.putFile({ ...common, ...request, content, filename, contentType });
      }
      case 'lease':
        return this.store.lease({ ...common, ...request });
      case 'renew':
        return this.store.renew({ ...common, ...request });
      case 'release':
        return this.store.release({ ...common, ...request });
      default:
        return this.store.write({ ...common, ...request, op });
    }
  }
}

type Wire = [number, [string, number], number, number, [number, string], any[]];
