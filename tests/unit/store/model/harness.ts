import * as fc from 'fast-check';
import type { Clock } from '../../../../src/clock.js';
import type { Commit, RecordCommit } from '../../../../src/protocol/requests/operation.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { StoreStorage, WriteContext, WriteOperation } from '../../../../src/store/index.js';
import { Store } from '../../../../src/store/index.js';
import type { Action, ActionContext, CheckAction, Reference, SingleAction } from './actions.js';
import { anyAction } from './actions.js';
import { checkCatchUp } from './catch-up-check.js';
import { anonymous, outcome, push, same } from './comparison.js';
import { changedPaths, leaseReceipt, receipt, recordsOf } from './expectations.js';
import { byBytes, matches } from './naive-paths.js';
import type { NaiveCommand, NaiveCommit, NaiveStep } from './naive-store.js';
import { NaiveStore, Refusal, revisionAt } from './naive-store.js';
import { checkList, checkReads } from './read-checks.js';

/** The data of one store under test. */
export interface StorageUnderTest {
  /** Opens the data, and again after a close. */
  open(): Promise<StoreStorage>;
  /** Whether what was written is there when it is opened again. */
  readonly durable: boolean;
  /** Removes the data. */
  dispose(): Promise<void>;
}

const PATTERNS = ['**', 'a/**', 'a/*', '*/b', 'b/b-2', '__proto__/**', '*/*/*', '*/\\*'];
const PREFIXES = ['a', 'b', 'a/b', '__proto__', 'constructor/__proto__', '～', 'a~1b'];
const LIMITS = [
  { keep: 2, limit: 6 },
  { keep: 0, limit: 0 },
  { keep: 1000, limit: 5000 },
];

/**
 * Holds a store to the naive model: the same answers, refusals, leaves, events and catch-ups, whatever is done.
 *
 * @param create makes the data of one run
 */
export async function expectStoreLikeModel(
  create: () => StorageUnderTest | Promise<StorageUnderTest>,
  options: { readonly numRuns: number; readonly maxActions?: number; readonly seed?: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...LIMITS),
      fc.array(anyAction, { minLength: 1, maxLength: options.maxActions ?? 80, size: 'max' }),
      async (limits, actions) => {
        const data = await create();
        const run = new Run(data, limits);
        try {
          await run.open();
          for (const action of actions) await run.take(action);
          run.checkCatchUp();
        } finally {
          await run.close();
          await data.dispose();
        }
      },
    ),
    { numRuns: options.numRuns, ...(options.seed === undefined ? {} : { seed: options.seed }) },
  );
}

/** One run: every action is taken by the store and by the model, and everything observable is compared. */
class Run {
  readonly #data: StorageUnderTest;
  readonly #limits: { keep: number; limit: number };
  readonly #model: NaiveStore;
  #now = 1_000_000;
  readonly #clock: Clock = { now: () => this.#now, schedule: () => () => undefined };
  #store: Store | undefined;
  readonly #heard = new Map<string, Commit[]>();
  readonly #records = new Map<string, RecordCommit[]>();

  constructor(data: StorageUnderTest, limits: { keep: number; limit: number }) {
    this.#data = data;
    this.#limits = limits;
    this.#model = new NaiveStore(limits);
  }

  async open(): Promise<void> {
    this.#store = new Store({ storage: await this.#data.open(), clock: this.#clock, log: this.#limits });
    for (const pattern of PATTERNS) {
      this.#store.watch(Pattern.parse(pattern), (commit) =>
        push(this.#heard, pattern, { ...commit, operations: commit.operations.map(anonymous) }),
      );
    }
    for (const prefix of PREFIXES) {
      this.#store.watchRecords(prefix, (commits) => {
        same('commits told together', commits.length, 1);
        for (const commit of commits) {
          push(this.#records, prefix, { ...commit, operations: commit.operations.map(anonymous) });
        }
      });
    }
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async take(action: Action): Promise<void> {
    switch (action.kind) {
      case 'wait':
        this.#now += action.ms;
        return;
      case 'compact':
        await this.#open.compact({ keep: action.keep });
        this.#model.compact(action.keep);
        return;
      case 'reopen':
        if (!this.#data.durable) return;
        await this.close();
        await this.open();
        break;
      case 'read':
        checkReads(this.#open, this.#model.leaves, action.path);
        return;
      case 'list':
        checkList(
          this.#open,
          this.#model.leaves,
          { pattern: action.pattern },
          (path) => matches(action.pattern, path),
          action.limit,
          action.order,
        );
        return;
      case 'range': {
        const [low, high] = [{ path: action.from }, { path: action.to }];
        const within = (path: string): boolean => byBytes({ path }, low) >= 0 && byBytes({ path }, high) < 0;
        checkList(
          this.#open,
          this.#model.leaves,
          { from: action.from, to: action.to },
          within,
          action.limit,
          action.order,
        );
        return;
      }
      case 'burst':
        await this.#takeBurst(action.actions);
        break;
      default:
        await this.#takeWrite(action);
    }
    this.#checkLeaves();
  }

  /** What is checked when all is done. */
  checkCatchUp(): void {
    checkCatchUp(this.#open, this.#model);
  }

  get #open(): Store {
    if (this.#store === undefined) throw new Error('not open');
    return this.#store;
  }

  async #takeWrite(
    action: Exclude<Action, { kind: 'burst' | 'compact' | 'wait' | 'reopen' | 'read' | 'list' | 'range' }>,
  ): Promise<void> {
    const context = this.#context(action.context);
    switch (action.kind) {
      case 'write': {
        const operation = this.#operation(action.action);
        return this.#compare(this.#open.write({ ...operation, ...context }), () =>
          receipt(this.#commit([operation], context).operations),
        );
      }
      case 'batch': {
        const operations = action.actions.map((each) =>
          each.op === 'check' ? this.#checkOperation(each) : this.#operation(each),
        );
        return this.#compare(this.#open.writeBatch({ operations, ...context }), () => {
          const { seqs } = this.#commit(operations, context, true);
          return { storeSeq: seqs.at(-1), operations: seqs.map((storeSeq) => ({ storeSeq })) };
        });
      }
      case 'put_file': {
        const file = { path: action.path, content: action.content, filename: 'f' };
        return this.#compare(this.#open.putFile({ ...file, ...context }), () => {
          const [committed] = this.#commit([{ op: 'put_file', ...file }], context).operations;
          return { storeSeq: committed?.storeSeq, hash: (committed?.value as any).hash };
        });
      }
      case 'lease': {
        const { path, ttl, holder } = action;
        return this.#compare(this.#open.lease({ path, ttl, holder, ...context }), () =>
          leaseReceipt(this.#commit([{ op: 'lease', path, ttl, holder }], context).operations),
        );
      }
      case 'renew': {
        const request = { path: action.path, token: this.#token(action.path, action.token) };
        return this.#compare(this.#open.renew({ ...request, ...context }), () =>
          leaseReceipt(this.#commit([{ op: 'renew', ...request }], context).operations),
        );
      }
      case 'release': {
        const request = { path: action.path, token: this.#token(action.path, action.token) };
        return this.#compare(this.#open.release({ ...request, ...context }), () => {
          try {
            const { operations } = this.#commit([{ op: 'release', ...request }], context);
            return { released: true, ...receipt(operations) };
          } catch (error) {
            if (error instanceof Refusal && error.facts.kind === 'not_held') return { released: false };
            throw error;
          }
        });
      }
    }
  }

  /** Writes that do not wait for each other. */
  async #takeBurst(actions: readonly SingleAction[]): Promise<void> {
    const operations = actions.map((action) => this.#operation(action));
    const answers = operations.map((operation) => outcome(() => this.#open.write(operation)));
    const expected = await Promise.all(
      operations.map((operation) => outcome(() => receipt(this.#commit([operation], {}).operations))),
    );
    same('burst', await Promise.all(answers), expected);
    this.#checkEvents();
  }

  async #compare(answer: Promise<unknown>, expected: () => unknown): Promise<void> {
    same('answer', await outcome(() => answer), await outcome(expected));
    this.#checkEvents();
  }

  /** What each commit since the last check did. */
  #commits: (readonly NaiveStep[])[] = [];

  #commit(commands: readonly NaiveCommand[], context: WriteContext, batch = false): NaiveCommit {
    const commit = this.#model.commit(commands, context, this.#now, batch);
    if (commit.steps.length > 0) this.#commits.push(commit.steps);
    return commit;
  }

  /** Every listener has heard what it should since the last check, and nothing else. */
  #checkEvents(): void {
    for (const pattern of PATTERNS) {
      const expected = this.#commits.flatMap((steps) => {
        const concerned = steps.filter((step) =>
          [step.operation.path, ...changedPaths(step)].some((path) => matches(pattern, path)),
        );
        const operations = concerned.map(({ operation }) => operation);
        return operations.length === 0 ? [] : [{ ...rangeOf(steps), operations }];
      });
      same(`heard of ${pattern}`, this.#heard.get(pattern) ?? [], expected);
    }
    for (const prefix of PREFIXES) {
      const expected = this.#commits.flatMap((steps) => {
        const records = recordsOf(steps, prefix);
        const operations = steps.map(({ operation }) => operation);
        const deviceId = operations[0]?.deviceId;
        return records.length === 0 ? [] : [{ ...rangeOf(steps), deviceId, operations, records }];
      });
      same(`heard of records of ${prefix}`, this.#records.get(prefix) ?? [], expected);
    }
    this.#commits = [];
    this.#heard.clear();
    this.#records.clear();
  }

  #checkLeaves(): void {
    same('leaves', this.#open.list({ pattern: '**' }), { items: this.#model.leaves, nextCursor: null });
  }

  #context({ deviceId, clientOpId, fence }: ActionContext): WriteContext {
    if (fence === undefined) return { deviceId, clientOpId };
    return { deviceId, clientOpId, fence: { key: fence.key, token: this.#token(fence.key, fence.token) } };
  }

  #checkOperation({ path, revision: asked }: CheckAction): { op: 'check'; path: string; revision: number } {
    const present = revisionAt(this.#model.leaves, path);
    return { op: 'check', path, revision: { current: present, stale: present + 1, none: 0 }[asked] };
  }

  #operation(action: SingleAction): WriteOperation {
    const leaf = this.#model.leaves.find((each) => each.path === action.path);
    const revision = { current: leaf?.revision ?? 1, stale: (leaf?.revision ?? 1) + 1, none: 1 };
    return { ...action, ifMatch: action.ifMatch === undefined ? undefined : revision[action.ifMatch] };
  }

  #token(path: string, reference: Reference): number {
    const value: any = this.#model.leaves.find((each) => each.path === path)?.value;
    return reference === 'current'
      ? (value?.token ?? 1)
      : reference === 'stale'
        ? (value?.token ?? 1) - 1
        : 999;
  }
}

function rangeOf(steps: readonly NaiveStep[]): { first: number; last: number } {
  const seqs = steps.map(({ operation }) => operation.storeSeq);
  return { first: Math.min(...seqs), last: Math.max(...seqs) };
}
