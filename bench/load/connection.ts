import type {
  WireBatchReceipt,
  WireEntries,
  WireEntry,
  WirePage,
  WireReceipt,
} from '../../src/protocol/wire/http.js';
import type { Answer, JsonClient } from './json-client.js';
import { randomNumbers } from './random.js';

const KEYS = 200;
const PAGE = 50;
const BATCH_READ = 20;
const BATCH_WRITE = 10;

/** Of 100 requests, up to which one each kind goes; the rest are deletes. Reads are the first 70. */
const SHARES = { get: 50, list: 60, getMany: 70, put: 88, batchWrite: 95 };

/** A leaf of nearly 100 characters, so that the store is more than keys. */
const FILLER = '.'.repeat(80);

/** One client of the load test: does one request after the other, on keys that are its alone, and checks every answer. */
export class Connection {
  /** Milliseconds of every request, in order. */
  readonly reads: number[] = [];
  readonly writes: number[] = [];
  /** Answers that were not what they had to be. */
  readonly errors: string[] = [];
  /** The value last acknowledged for each path; deleted ones are not in it. */
  readonly acknowledged = new Map<string, string>();
  /** Operations the server has acknowledged; each takes one seq of the store. */
  operations = 0;

  readonly #client: JsonClient;
  readonly #base: string;
  readonly #random: () => number;
  #lastSeq = 0;

  constructor(client: JsonClient, index: number) {
    this.#client = client;
    this.#base = `load/c-${String(index).padStart(2, '0')}`;
    this.#random = randomNumbers(index + 1);
  }

  /** Works until `isOver` says so; resolves once the last answer is there. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const draw = this.#random() * 100;
      const times = draw < SHARES.getMany ? this.reads : this.writes;
      const started = performance.now();
      try {
        await this.#request(draw);
      } catch (error) {
        this.errors.push(String(error));
      }
      times.push(performance.now() - started);
    }
  }

  #request(draw: number): Promise<void> {
    if (draw < SHARES.get) return this.#get(this.#key());
    if (draw < SHARES.list) return this.#list();
    if (draw < SHARES.getMany) return this.#getMany();
    if (draw < SHARES.put) return this.#put(this.#key());
    if (draw < SHARES.batchWrite) return this.#batchWrite();
    return this.#delete(this.#key());
  }

  async #get(path: string): Promise<void> {
    const answer = await this.#client.send('GET', `/entries/${path}`);
    if (answer.status === 404) this.#check(path, undefined);
    else this.#check(path, (parsed(answer) as WireEntry).value);
  }

  async #list(): Promise<void> {
    const pattern = encodeURIComponent(`${this.#base}/**`);
    const after = encodeURIComponent(this.#key());
    const answer = await this.#client.send('GET', `/entries?pattern=${pattern}&after=${after}&limit=${PAGE}`);
    for (const { path, value } of (parsed(answer) as WirePage).items) this.#check(path, value);
  }

  async #getMany(): Promise<void> {
    const paths = this.#keys(BATCH_READ);
    const answer = await this.#client.send('POST', '/entries/batch', { paths });
    const { entries } = parsed(answer) as WireEntries;
    for (const path of paths) this.#check(path, entries[path]?.value);
  }

  async #put(path: string): Promise<void> {
    const value = this.#nextValue();
    const answer = await this.#client.send('PUT', `/entries/${path}`, value);
    this.#acknowledge((parsed(answer) as WireReceipt).store_seq, 1);
    this.acknowledged.set(path, value);
  }

  async #delete(path: string): Promise<void> {
    const answer = await this.#client.send('DELETE', `/entries/${path}`);
    this.#acknowledge((parsed(answer) as WireReceipt).store_seq, 1);
    this.acknowledged.delete(path);
  }

  async #batchWrite(): Promise<void> {
    const ops = this.#keys(BATCH_WRITE).map((path) => ({ op: 'set', path, value: this.#nextValue() }));
    const answer = await this.#client.send('POST', '/entries/batch_write', { ops });
    this.#acknowledge((parsed(answer) as WireBatchReceipt).store_seq, ops.length);
    for (const { path, value } of ops) this.acknowledged.set(path, value);
  }

  #acknowledge(seq: number, operations: number): void {
    if (seq <= this.#lastSeq) this.errors.push(`store_seq ${seq} came after ${this.#lastSeq}`);
    this.#lastSeq = seq;
    this.operations += operations;
  }

  #check(path: string, value: unknown): void {
    const expected = this.acknowledged.get(path);
    if (value !== expected) this.errors.push(`${path} read ${String(value)}, acknowledged was ${expected}`);
  }

  #key(): string {
    const number = Math.floor(this.#random() * KEYS);
    return `${this.#base}/k-${String(number).padStart(3, '0')}`;
  }

  #keys(count: number): string[] {
    return Array.from({ length: count }, () => this.#key());
  }

  #nextValue(): string {
    return `${this.#base} ${this.#random()} ${FILLER}`;
  }
}

function parsed({ status, text }: Answer): unknown {
  if (status !== 200) throw new Error(`HTTP ${status}: ${text.slice(0, 200)}`);
  return JSON.parse(text);
}
