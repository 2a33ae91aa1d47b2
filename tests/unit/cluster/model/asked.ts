import { createHash } from 'node:crypto';
import { isDustError } from '../../../../src/errors.js';
import type { BatchOperation, Store, WriteContext, WriteOperation } from '../../../../src/store/index.js';
import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import type { LeafType } from '../../../../src/protocol/values/value.js';
import type { Draw } from '../../query/plan/model/draw.js';
import type { Life } from './member.js';
import type { Outcome } from './oracle.js';

/** What becomes of an attempt, as whoever made it sees it. */
export type Fate =
  Outcome | { readonly open: true } | { readonly unknown: string } | { readonly never: string };

/** A write that somebody asked for. */
export interface Attempt {
  /** Nobody else has it. */
  readonly device: string;
  readonly life: Life;
  readonly what: string;
  fate: Fate;
}

/** A request that may be made again under its id, on any node. */
interface Repeatable {
  readonly id: string;
  readonly at: number;
  readonly what: string;
  readonly make: (store: Store, context: WriteContext) => Promise<unknown>;
}

export const UNIQUE: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true };
export const PLAIN: IndexDefinition = { prefix: 'r', parts: [{ path: 'n', type: 'number' }], unique: false };

const RECORDS = ['r/a', 'r/b', 'r/c', 'r/d'];
const LEASES = ['lease/l', 'lease/m'];
const FLOAT: ReadonlyMap<string, LeafType> = new Map([['r/a/n', 'float']]);

/** Asks members for whatever is drawn, and notes what they say. */
export class Asker {
  readonly attempts: Attempt[] = [];
  readonly contents = new Map<string, Uint8Array>();
  readonly #draw: Draw;
  readonly #now: () => number;
  readonly #repeatable: Repeatable[] = [];
  #tokens: { path: string; token: number }[] = [];
  #number = 0;

  constructor(draw: Draw, now: () => number) {
    this.#draw = draw;
    this.#now = now;
  }

  get isWaiting(): boolean {
    return this.attempts.some(({ fate }) => 'open' in fate);
  }

  /** Something that is drawn. */
  ask(life: Life): void {
    const again = this.#draw.percent(12) ? this.#again() : undefined;
    if (again !== undefined) {
      this.#attempt(life, again.what, (context) =>
        again.make(life.store, { ...context, clientOpId: again.id }),
      );
      return;
    }
    const { what, make } = this.#request(life.store);
    if (!this.#draw.percent(60)) {
      this.#attempt(life, what, (context) => make(life.store, context));
      return;
    }
    const id = `op${++this.#number}`;
    this.#repeatable.push({ id, at: this.#now(), what, make });
    this.#attempt(life, what, (context) => make(life.store, { ...context, clientOpId: id }));
  }

  /** The life has ended: nobody hears of what was under way. */
  ended(life: Life): void {
    for (const attempt of this.attempts) {
      if (attempt.life === life && 'open' in attempt.fate) attempt.fate = { unknown: 'died' };
    }
  }

  #again(): Repeatable | undefined {
    const recent = this.#repeatable.filter(({ at }) => this.#now() - at < 300_000);
    return recent.length === 0 ? undefined : this.#draw.of(recent);
  }

  #attempt(life: Life, what: string, make: (context: WriteContext) => Promise<unknown>): void {
    const device = `device${this.attempts.length}`;
    const attempt: Attempt = { device, life, what, fate: { open: true } };
    this.attempts.push(attempt);
    const announce = !this.#draw.percent(8);
    const settle = (fate: Fate): void => {
      if ('open' in attempt.fate) attempt.fate = fate;
    };
    make({ deviceId: device, ...(announce ? {} : { announce }) }).then(
      (done) => {
        if (what === 'lease') this.#tokens.push(done as { path: string; token: number });
        settle({ done });
      },
      (error: unknown) => {
        settle(fateOf(error));
      },
    );
  }

  #request(store: Store): Pick<Repeatable, 'what' | 'make'> {
    const draw = this.#draw;
    const at = draw.int(100);
    if (at < 58) return this.#write(store);
    if (at < 70) return this.#batch(store);
    if (at < 74) return this.#file();
    if (at < 84) return this.#lease();
    if (at < 88) {
      const toSeq = draw.int(store.status().storeSeq + 2);
      const path = draw.percent(70) ? draw.of(RECORDS) : undefined;
      return {
        what: 'rollback',
        make: (on, { deviceId, announce }) => on.rollback({ toSeq, path, deviceId, announce }),
      };
    }
    if (at < 92) {
      const keep = draw.percent(80) ? draw.int(6) : undefined;
      return { what: 'compact', make: (on) => on.compact({ keep }) };
    }
    if (at < 94) return { what: 'keepIndexes', make: (on) => on.keepIndexes('r', [UNIQUE]) };
    if (at < 96) return { what: 'dropIndex', make: (on) => on.dropIndex('r', UNIQUE) };
    if (at < 98) {
      return {
        what: 'useIndexes',
        make: async (on) => {
          const use = await on.useIndexes('r', [UNIQUE, PLAIN]);
          use.release();
        },
      };
    }
    return { what: 'barrier', make: (on) => on.barrier() };
  }

  #write(store: Store): Pick<Repeatable, 'what' | 'make'> {
    const operation = this.#operation(store);
    const lease = this.#tokens.length > 0 && this.#draw.percent(15) ? this.#draw.of(this.#tokens) : undefined;
    const fence = lease && { key: lease.path, token: lease.token };
    return { what: operation.op, make: (on, context) => on.write({ ...operation, ...context, fence }) };
  }

  #batch(store: Store): Pick<Repeatable, 'what' | 'make'> {
    const operations: BatchOperation[] = Array.from({ length: 1 + this.#draw.int(3) }, () =>
      this.#operation(store),
    );
    if (this.#draw.percent(40)) {
      const path = this.#draw.of(RECORDS);
      operations.unshift({ op: 'check', path, revision: store.get(path)?.revision ?? 0 });
    }
    return { what: 'batch', make: (on, context) => on.writeBatch({ ...context, operations }) };
  }

  #operation(store: Store): WriteOperation {
    const draw = this.#draw;
    const record = draw.of(RECORDS);
    const text = `t${draw.int(5)}`;
    const revision = store.get(`${record}/x`)?.revision;
    const choices: WriteOperation[] = [
      {
        op: 'set',
        path: `${record}/x`,
        value: text,
        ...(draw.percent(30) && revision !== undefined ? { ifMatch: revision } : {}),
      },
      { op: 'set', path: `${record}/x`, value: text, ifAbsent: true },
      { op: 'set', path: `${record}/u`, value: text },
      { op: 'set', path: record, value: { x: text, u: `${text}u`, n: draw.int(9) } },
      { op: 'set', path: 'r/a/n', value: draw.int(9), leafTypes: FLOAT },
      { op: 'delete', path: draw.percent(50) ? record : `${record}/x` },
      { op: 'merge', path: record, value: { x: text, y: draw.int(9) } },
      { op: 'increment', path: `${record}/n`, value: 1 + draw.int(3) },
      { op: 'increment', path: `${record}/n`, value: 1 },
      { op: 'add', path: `${record}/s`, value: text },
      { op: 'remove', path: `${record}/s`, value: text },
      { op: 'increment', path: `${record}/x`, value: 1 },
    ];
    return draw.of(choices);
  }

  #file(): Pick<Repeatable, 'what' | 'make'> {
    const content = new TextEncoder().encode(`content ${this.#draw.int(4)}`);
    this.contents.set(`sha256:${createHash('sha256').update(content).digest('hex')}`, content);
    const path = `f/${this.#draw.int(3)}`;
    return {
      what: 'put_file',
      make: (on, context) => on.putFile({ ...context, path, content, filename: 'a.txt' }),
    };
  }

  #lease(): Pick<Repeatable, 'what' | 'make'> {
    const held = this.#tokens.length > 0 && this.#draw.percent(60) ? this.#draw.of(this.#tokens) : undefined;
    const ttl = 1_000 + this.#draw.int(60_000);
    if (held === undefined) {
      const path = this.#draw.of(LEASES);
      return {
        what: 'lease',
        make: async (on, context) => ({ ...(await on.lease({ ...context, path, ttl, holder: 'h' })), path }),
      };
    }
    const { path, token } = held;
    return this.#draw.percent(50)
      ? { what: 'renew', make: (on, context) => on.renew({ ...context, path, token, ttl }) }
      : { what: 'release', make: (on, context) => on.release({ ...context, path, token }) };
  }
}

function fateOf(error: unknown): Fate {
  // Told to nobody by a plain store, and so found when the two are compared.
  if (!isDustError(error)) return { refused: String(error) };
  const { kind, detail = '' } = error;
  if (kind === 'indeterminate') return { unknown: kind };
  if (kind === 'timeout' || kind === 'rate_limited' || kind === 'closed') return { never: kind };
  return detail === 'halted' || detail === 'restoring' ? { never: detail } : { refused: `${kind} ${detail}` };
}
