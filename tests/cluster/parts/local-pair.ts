import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database, postgresPrograms } from './database.js';
import { freePort } from './free-port.js';
import { ThisMachine } from './machine.js';
import { Pair } from './pair.js';

/** What a pair on this machine is made with. */
export interface LocalPairOptions {
  /** Where both have a folder of their own. Exists. */
  readonly home: string;
  /** Settings of both beyond their own, as `name=value`. */
  readonly settings?: readonly string[];
}

/** A primary and its synchronous standby on this machine, on ports of their own. */
export class LocalPair {
  readonly #databases: readonly [Database, Database];

  private constructor(databases: readonly [Database, Database]) {
    this.#databases = databases;
  }

  /** Finds a place for both, and begins neither. */
  static async prepare({ home, settings = [] }: LocalPairOptions): Promise<LocalPair> {
    // PostgreSQL does not run as root: who it runs as must get to its folder.
    chmodSync(home, 0o711);
    const machine = new ThisMachine();
    const programs = postgresPrograms();
    const database = async (name: string): Promise<Database> => {
      const folder = join(home, name);
      mkdirSync(folder);
      const port = await freePort();
      return new Database({ machine, port, programs, folder, network: '127.0.0.1/32', settings });
    };
    return new LocalPair([await database('one'), await database('other')]);
  }

  /** Of both, for nodes. */
  get url(): string {
    return Pair.urlOf(this.#databases);
  }

  /** Begins both. */
  make(): Promise<Pair> {
    return Pair.make(...this.#databases);
  }

  /** Ends whatever was begun. */
  async end(): Promise<void> {
    for (const database of this.#databases) await database.end();
  }
}
