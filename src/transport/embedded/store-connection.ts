import type { Observable } from 'rxjs';
import { BehaviorSubject } from 'rxjs';
import type { Store } from '../../store/index.js';
import { notConnected, transportClosed } from '../errors.js';

/** How a transport comes by its store, and how it parts with it once everything begun is done. */
export interface StoreSource {
  open(): Promise<Store>;
  release(store: Store): Promise<void>;
}

/** What a transport knows of its store. `closed` is final; it remembers the seq of the last operation. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'live'; readonly store: Store }
  | { readonly name: 'closed'; readonly storeSeq: number };

/** The way from no store to a store to no store, once. */
export class StoreConnection {
  readonly #source: StoreSource;
  readonly #states = new BehaviorSubject<ConnectionState>({ name: 'connecting' });
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(source: StoreSource) {
    this.#source = source;
  }

  /** The present state, then each change of it. Never completes. */
  get states$(): Observable<ConnectionState> {
    return this.#states;
  }

  /** @throws DustError `not_initialized` or `closed` */
  get store(): Store {
    if (this.#closing !== undefined) throw transportClosed('embedded');
    const state = this.#states.value;
    if (state.name !== 'live') throw notConnected('embedded');
    return state.store;
  }

  /** Opens the store. Calls made meanwhile and later share the outcome, unless it was a failure: that can be retried. */
  connect(): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(transportClosed('embedded'));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    const store = await this.#source.open();
    this.#states.next({ name: 'live', store });
    if (this.#closing !== undefined) throw transportClosed('embedded');
  }

  async #close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const state = this.#states.value;
    let storeSeq = 0;
    try {
      if (state.name === 'live') {
        await state.store.settled();
        storeSeq = lastSeqOf(state.store);
        await this.#source.release(state.store);
      }
    } finally {
      this.#states.next({ name: 'closed', storeSeq });
    }
  }
}

/** A store that its owner has closed tells no more, nor does one that has failed: it is to be closed all the same. */
function lastSeqOf(store: Store): number {
  try {
    return store.status().storeSeq;
  } catch {
    return 0;
  }
}
