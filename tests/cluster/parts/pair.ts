import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from './database.js';

/** A primary with a standby that has everything before it is acknowledged. */
export class Pair {
  #primary: Database;
  #standby: Database;

  private constructor(primary: Database, standby: Database) {
    this.#primary = primary;
    this.#standby = standby;
  }

  /** Makes both of nothing. */
  static async make(primary: Database, standby: Database): Promise<Pair> {
    await primary.make();
    await primary.begin();
    standby.machine.giveAway(standby.folder);
    const pair = new Pair(primary, standby);
    await pair.rebuild();
    return pair;
  }

  get primary(): Database {
    return this.#primary;
  }

  get standby(): Database {
    return this.#standby;
  }

  /** Both in the order in which they were made, as an address has them. */
  static urlOf(databases: readonly Database[]): string {
    return `postgres://postgres@${databases.map(({ address }) => address).join(',')}/postgres`;
  }

  /** The standby takes over. What was the primary is one no more, whatever it thinks. */
  async promote(): Promise<void> {
    await this.#standby.promote();
    [this.#primary, this.#standby] = [this.#standby, this.#primary];
  }

  /** The standby takes a new copy of the primary, which waits for it from then on. */
  async rebuild(): Promise<void> {
    await this.#standby.follow(this.#primary);
    await this.#primary.waitFor(['*']);
    await this.untilSynchronous();
  }

  /** Resolves when each commit is on both. */
  async untilSynchronous(): Promise<void> {
    while ((await this.#primary.standbys()) === 0) await pause(100);
  }

  async end(): Promise<void> {
    await this.#primary.end();
    await this.#standby.end();
  }
}
