import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Clock } from '../clock.js';
import type { Store } from '../store/index.js';
import { WorkUnderWay } from '../work-under-way.js';
import type { TellsFailure } from './desk-answer.js';
import { failureOf } from './desk-answer.js';
import { BACKUP_ROUTE } from './wire-names.js';

/** Milliseconds between two signs of life, well below what either side waits for one. */
const BEAT = 5_000;

/** The longest path that is asked for, with what stands around it. */
const MAX_BODY = 64 * 1024;

/** What the owner answers at last. */
export type BackupAnswer = TellsFailure;

/** Backs a folder up for all who share it: a copy takes as long as it takes, and spaces tell meanwhile that it goes on. */
export class BackupDesk {
  readonly #store: Pick<Store, 'backup'>;
  readonly #clock: Clock;
  readonly #underWay = new WorkUnderWay();

  constructor(store: Pick<Store, 'backup'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Answers a request for a backup. Whether it was one. */
  readonly answers = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'POST' || request.url !== BACKUP_ROUTE) return false;
    void this.#answer(request, response);
    return true;
  };

  /** @throws DustError as `Store.backup` does */
  backUp(out: string): Promise<void> {
    return this.#underWay.track(this.#store.backup(out));
  }

  /** Resolves when no backup is under way. Never rejects. */
  async done(): Promise<void> {
    await this.#underWay.all();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let callOff = (): void => undefined;
    const beat = (): void => {
      callOff = this.#clock.schedule(() => {
        response.write(' ');
        beat();
      }, BEAT);
    };
    // Whoever asked may have gone; the copy is made all the same.
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    beat();
    const answer = await this.#carryOut(request);
    callOff();
    response.end(JSON.stringify(answer));
  }

  async #carryOut(request: IncomingMessage): Promise<BackupAnswer> {
    try {
      await this.backUp(await folderIn(request));
      return {};
    } catch (error) {
      return failureOf(error, { kind: 'storage', detail: 'write_failed' });
    }
  }
}

async function folderIn(request: IncomingMessage): Promise<string> {
  const length = Number(request.headers['content-length']);
  if (!(length <= MAX_BODY)) throw new RangeError('the request for a backup is too long');
  const body: unknown = await json(request);
  const out: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'out') : undefined;
  if (typeof out !== 'string') throw new TypeError('the request for a backup names no folder');
  return out;
}
