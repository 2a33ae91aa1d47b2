// A store on a Dust server that is already running, as far as the contract suite needs one: may it be written, what does
// its server announce, does it hold a file, and the removal of what the suite wrote.
import { setTimeout as sleep } from 'node:timers/promises';
import { channelStatus } from './channel-status.mjs';

/** Seconds that a server which names no time is left alone for after it answered 429. */
const DEFAULT_RETRY_AFTER = 5;

/** Where single flights keep their locks (PROTOCOL §6), and what is unique its claims and marks: of what lies below a root, below the root's name. */
const BESIDE = ['_dust:sf', '_dust:unique', '_dust:unique-ready'];

const MAX_ATTEMPTS = 20;

export class RemoteStore {
  /** `org/name` */
  name;
  /** What the server announces beyond version 0.1, as `check` found it. */
  features = [];
  /** Whether a file is, or was, in it, as `check` found it. */
  holdsFile = false;
  #url;
  #token;
  #entries;
  #headers;

  constructor({ url, token }, name) {
    this.name = name;
    this.#url = url;
    this.#token = token;
    const path = name.split('/').map(encodeURIComponent).join('/');
    this.#entries = `${url.replace(/\/+$/, '')}/api/stores/${path}/entries`;
    this.#headers = {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    };
  }

  /** Writes one leaf below `root`, and looks at the store. Resolves to what is wrong, in plain words; undefined when nothing is. */
  async check(root) {
    const response = await this.#send('PUT', `/${root}/probe`, 'true');
    if (response.status !== 200) {
      const problems = {
        401: `${this.#url} does not know the token in DUST_TOKEN.`,
        403: `The token in DUST_TOKEN may not write to ${this.name}.`,
        404: `${this.#url} has no store ${this.name}, or the token in DUST_TOKEN does not open it.`,
      };
      return problems[response.status] ?? `${this.#url} answered a write with ${response.status}.`;
    }
    const announced = response.headers.get('x-dust-features') ?? '';
    this.features = announced.split(',').flatMap((name) => name.trim() || []);
    const { store_seq: seq } = await response.json();
    const status = await channelStatus({ url: this.#url, token: this.#token, store: this.name, seq });
    this.holdsFile = (status.file_storage_bytes ?? 0) > 0;
    return undefined;
  }

  /** Removes everything at and below `root`, with what lies beside it and the indexes that are kept of it, and makes sure of it. */
  async remove(root) {
    const paths = [root, ...BESIDE.map((beside) => `${beside}/${root}`)];
    await this.#dropIndexes(root);
    for (const path of paths) {
      const removed = await this.#send('DELETE', `/${path}`);
      const listed = await this.#send('GET', `?pattern=${path}/**&select=keys&limit=1`);
      const left = listed.status === 200 ? (await listed.json()).items : undefined;
      if (removed.status !== 200 || left?.length !== 0) {
        throw new Error(
          `What was written to ${this.name} could not be removed (status ${removed.status}). It all lies below ` +
            `${paths.join(' and ')}: please delete that.`,
        );
      }
    }
  }

  /** A server that keeps indexes of a prefix does so without its records, too. */
  async #dropIndexes(root) {
    if (!this.features.includes('unique-indexes')) return;
    const listed = await this.#send('GET', '/../indexes');
    const { indexes } = await listed.json();
    for (const { prefix, parts, unique } of indexes) {
      if (!unique || !prefix.startsWith(`${root}/`)) continue;
      await this.#send('DELETE', '/../indexes', JSON.stringify({ prefix, unique: [{ parts }] }));
    }
  }

  async #send(method, target, body) {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#request(method, target, body);
      if (response.status !== 429 || attempt === MAX_ATTEMPTS) return response;
      await sleep(1000 * (Number(response.headers.get('retry-after')) || DEFAULT_RETRY_AFTER));
    }
  }

  async #request(method, target, body) {
    try {
      return await fetch(`${this.#entries}${target}`, {
        method,
        body,
        headers: this.#headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
      });
    } catch (error) {
      const reason = error.cause?.code ?? error.cause?.message ?? error.message;
      throw new Error(`${this.#url} cannot be reached: ${reason}.`);
    }
  }
}
