// A store on a Dust server that is already running, as far as the contract suite needs one: may it be written, and the
// removal of what the suite wrote. Imports nothing but Node.
import { setTimeout as sleep } from 'node:timers/promises';

const VARIABLES = ['DUST_BASE_URL', 'DUST_TOKEN', 'DUST_STORE'];

/** Seconds that a server which names no time is left alone for after it answered 429. */
const DEFAULT_RETRY_AFTER = 5;

/** Where single flights keep their locks (PROTOCOL §6). */
const LOCKS = '_dust:sf';

const MAX_ATTEMPTS = 20;

/** The store that the environment names; undefined when it names none. Throws when it names half of one. */
export function remoteStoreFrom(env) {
  const missing = VARIABLES.filter((name) => !env[name]);
  if (missing.length === VARIABLES.length) return undefined;
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing. To run against a server that is already ` +
        `running, set ${VARIABLES.join(', ')}; to run on this machine alone, set none of them.`,
    );
  }
  if (!/^https?:\/\/./.test(env.DUST_BASE_URL)) {
    throw new Error('DUST_BASE_URL must begin with http:// or https://, such as http://127.0.0.1:7755.');
  }
  if (!/^[^/\s]+\/[^/\s]+$/.test(env.DUST_STORE)) {
    throw new Error('DUST_STORE must be the name of a store, such as local/default.');
  }
  return new RemoteStore(env.DUST_BASE_URL, env.DUST_STORE, env.DUST_TOKEN);
}

class RemoteStore {
  #entries;
  #headers;

  constructor(url, store, token) {
    this.url = url;
    this.store = store;
    const path = store.split('/').map(encodeURIComponent).join('/');
    this.#entries = `${url.replace(/\/+$/, '')}/api/stores/${path}/entries`;
    this.#headers = {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    };
  }

  /** Writes one leaf below `root`. Throws, in plain words, when that is not possible. */
  async check(root) {
    const { status } = await this.#send('PUT', `/${root}/probe`, 'true');
    const problem = {
      401: `${this.url} does not know the token in DUST_TOKEN.`,
      403: `The token in DUST_TOKEN may not write to ${this.store}.`,
      404: `${this.url} has no store ${this.store}, or the token in DUST_TOKEN does not open it.`,
    }[status];
    if (status !== 200) throw new Error(problem ?? `${this.url} answered a write with ${status}.`);
  }

  /** Removes everything at and below `root`, with the locks of single flights for results there, and makes sure of it. */
  async remove(root) {
    for (const path of [root, `${LOCKS}/${root}`]) {
      const removed = await this.#send('DELETE', `/${path}`);
      const listed = await this.#send('GET', `?pattern=${path}/**&select=keys&limit=1`);
      const left = listed.status === 200 ? (await listed.json()).items : undefined;
      if (removed.status !== 200 || left?.length !== 0) {
        throw new Error(
          `What was written to ${this.store} could not be removed (status ${removed.status}). It all lies below ` +
            `${root} and ${LOCKS}/${root}: please delete that.`,
        );
      }
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
      throw new Error(`${this.url} cannot be reached: ${reason}.`);
    }
  }
}
