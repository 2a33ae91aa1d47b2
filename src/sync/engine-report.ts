import { randomUUID } from 'node:crypto';
import type { DustConnectionMessage, DustRepairMessage, DustResendMessage } from '../diagnostics/index.js';
import { publishConnection, publishRepair, publishResend } from '../diagnostics/index.js';
import type { Logger } from '../logging.js';
import type { SyncEngineOptions } from './options.js';
import type { PendingWrite } from './outbox/pending-write.js';

/** What becomes of a message when the name of the store is added. A union stays one. */
type WithoutStore<Message> = Message extends unknown ? Omit<Message, 'store'> : never;

/** A change of state, for {@link EngineReport.connection}. */
export type ConnectionChange = Omit<DustConnectionMessage, 'store' | 'origin' | 'connection'>;
/** A repair, for {@link EngineReport.repair}. */
export type Repair = WithoutStore<DustRepairMessage>;
/** What became of a write whose acknowledgement did not come. */
export type Resend = Pick<DustResendMessage, 'outcome' | 'reason'> & { readonly storeSeq?: number };

/** Tells operators what an engine goes through: each event once in the log and once on its diagnostics channel. */
export class EngineReport {
  readonly #store: string;
  readonly #origin: string | undefined;
  readonly #connection = randomUUID();
  readonly #logger: Logger;

  constructor({ store, origin, logger }: Pick<SyncEngineOptions, 'store' | 'origin' | 'logger'>) {
    this.#store = store;
    this.#origin = origin;
    this.#logger = logger;
  }

  /** The engine has changed its state. */
  connection(change: ConnectionChange): void {
    const store = this.#store;
    const { state, storeSeq, reason, delay } = change;
    publishConnection({ store, origin: this.#origin, connection: this.#connection, ...change });
    const fields = { store, state, storeSeq, reason, delay };
    const isNews = state === 'reconnecting' || state === 'closed' || change.previous === 'catchingUp';
    this.#logger[isNews ? 'info' : 'debug'](`the channel of the store ${store} ${inWords(change)}`, fields);
  }

  /** The mirror was mended, or is to be. */
  repair(repair: Repair): void {
    const store = this.#store;
    publishRepair({ store, ...repair });
    const { level, text } = repairInWords(repair, store);
    this.#logger[level](text, { store, kind: repair.kind, storeSeq: repair.storeSeq });
  }

  /** The rate limit of the token is used up; so many writes are not settled. */
  rateLimited(writes: number): void {
    const store = this.#store;
    const waiting = writes === 1 ? '1 write to' : `${writes} writes to`;
    const turn = writes === 1 ? 'waits for its turn' : 'wait for their turn';
    const text = `the rate limit of the token is used up: ${waiting} the store ${store} ${turn}`;
    this.#logger.warn(text, { store, writes });
  }

  /** A write had no acknowledgement. */
  resend({ submission }: PendingWrite, { outcome, reason, storeSeq }: Resend): void {
    const store = this.#store;
    const { op, path, clientOpId } = submission;
    publishResend({ store, op, path, clientOpId, outcome, reason, storeSeq });
    const text = { resent: 'is sent again', found: 'had been committed', unknown: 'has an unknown outcome' };
    this.#logger.debug(
      `${op} ${JSON.stringify(path)} in the store ${store} was not acknowledged (${reason}) and ${text[outcome]}`,
      { store, op, path, outcome, reason },
    );
  }
}

interface Line {
  readonly level: 'debug' | 'info' | 'warn';
  readonly text: string;
}

function inWords({ state, storeSeq, reason, delay }: ConnectionChange): string {
  switch (state) {
    case 'live':
      return `is connected, and its mirror holds everything up to ${storeSeq}`;
    case 'reconnecting': {
      const lost = `has lost its connection (${reason ?? 'no reason given'})`;
      return delay === undefined ? lost : `${lost}, the next attempt is in ${Math.round(delay)} ms`;
    }
    case 'closed':
      return 'is closed';
    default:
      return `is ${state}`;
  }
}

function repairInWords(repair: Repair, store: string): Line {
  const behind = `operation ${repair.storeSeq + 1} of the store ${store}`;
  switch (repair.kind) {
    case 'gap_found':
      return { level: 'info', text: `${behind} is missing and is being fetched` };
    case 'gap_filled':
      return { level: 'info', text: `the hole in the operations of the store ${store} is filled` };
    case 'gap_left_open':
      return {
        level: 'warn',
        text: `a hole in the operations of the store ${store} was not filled, trying again: ${repair.reason}`,
      };
    case 'behind_when_idle':
      return {
        level: 'info',
        text: `${behind} did not come: the server stands at ${repair.currentSeq}`,
      };
    case 'regression':
      return {
        level: 'warn',
        text: `the store ${store} moved backwards to ${repair.currentSeq}, so the mirror begins again`,
      };
    case 'values_reread':
      return rereadInWords(repair, store);
  }
}

function rereadInWords(
  { values, outcome, reason }: Extract<Repair, { kind: 'values_reread' }>,
  store: string,
): Line {
  if (outcome === 'read') {
    return { level: 'debug', text: `counters and sets of the store ${store} were read again: ${values}` };
  }
  return {
    // A failure mends itself with the connection; an old answer is the server's fault.
    level: outcome === 'outdated' ? 'warn' : 'debug',
    text: `counters and sets of the store ${store} could not be read again, so the mirror waits: ${reason ?? ''}`,
  };
}
