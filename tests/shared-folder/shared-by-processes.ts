import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { silentLogger } from '../../src/logging.js';
import { FolderShare } from '../../src/share/folder-share.js';
import { SHARED_STORE, SHARED_TOKEN, SHARED_URL } from '../../src/share/wire-names.js';
import { HttpTransport, createHttpClient } from '../../src/transport/http/index.js';
import type { Held, OwnedFolder } from './folder-program.js';
import { FolderProgram } from './folder-program.js';

/** A new folder that a process has and others share: whoever joins them here is a member of it, too. */
export class SharedByProcesses {
  readonly path: string;
  /** The first has it. */
  readonly #programs: FolderProgram[] = [];
  #way: FolderShare | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /** Shares a folder between the programs at these sockets. */
  static async open(
    sockets: readonly string[],
    options: Omit<OwnedFolder, 'path'>,
  ): Promise<SharedByProcesses> {
    const shared = new SharedByProcesses(await mkdtemp(join(tmpdir(), 'dust-orm-shared-')));
    try {
      await shared.#open(sockets, options);
      return shared;
    } catch (error) {
      await shared.close();
      throw error;
    }
  }

  /** Moves the clock of the folder on. */
  async advance(ms: number): Promise<void> {
    await this.#owner.ask('advance', { ms });
  }

  /** How the folder stands at and below these paths, and what each of the others sees of it. */
  async state(paths: readonly string[]): Promise<unknown> {
    if (this.#way === undefined) throw new Error('the folder is not open');
    const options = { url: SHARED_URL, store: SHARED_STORE, token: SHARED_TOKEN, logger: silentLogger };
    const reader = new HttpTransport(options, createHttpClient(options, this.#way.dial));
    await reader.connect();
    try {
      const { storeSeq: seq } = await reader.status();
      const leaves = await Promise.all(paths.map((each) => reader.subtree(each)));
      const [, ...members] = this.#programs;
      const seen = await Promise.all(members.map((member) => member.ask('values', { paths, seq })));
      return { leaves, seen };
    } finally {
      await reader.close();
    }
  }

  /** What the process holds that has the folder. */
  held(): Promise<Held> {
    return this.#owner.ask('held', {});
  }

  /** Called when all members of this process are gone. Leaves nothing behind. */
  async close(): Promise<void> {
    try {
      await this.#way?.close();
      // The one that has it last: nobody is to take it over.
      for (const program of [...this.#programs].reverse()) await program.close();
    } finally {
      await rm(this.path, { recursive: true, force: true });
    }
  }

  get #owner(): FolderProgram {
    const [owner] = this.#programs;
    if (owner === undefined) throw new Error('nobody has the folder');
    return owner;
  }

  async #open(sockets: readonly string[], options: Omit<OwnedFolder, 'path'>): Promise<void> {
    const { path } = this;
    const roles: string[] = [];
    for (const socket of sockets) {
      const program = await FolderProgram.connect(socket);
      this.#programs.push(program);
      roles.push(
        await (roles.length === 0 ? program.ask('own', { ...options, path }) : program.ask('join', { path })),
      );
    }
    this.#way = new FolderShare({ path, clock: systemClock, logger: silentLogger, random: Math.random });
    await this.#way.open();
    const all = [...roles, this.#way.role].join();
    if (all !== 'owner,member,member,member') throw new Error(`the roles of the processes are ${all}`);
  }
}
