import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds until a process that is being begun again is asked again. */
const ASK_AGAIN = 20;
const HEADERS = { 'content-type': 'application/json' };

/** What the clients of one process wait for it, since it was reset: only what that process answered, not what it left when it ended. */
export class Waits {
  /** The longest time without an acknowledged write, and the longest until one request was answered; both in milliseconds. */
  gap = 0;
  answer = 0;
  #lastAt = performance.now();
  #heard;

  reset() {
    this.gap = 0;
    this.answer = 0;
  }

  /** Resolves with the next acknowledgement of a write that was begun from now on. */
  next() {
    const from = performance.now();
    return new Promise((resolve) => {
      this.#heard = { from, resolve };
    });
  }

  acknowledged(begin) {
    const now = performance.now();
    this.gap = Math.max(this.gap, now - this.#lastAt);
    this.answer = Math.max(this.answer, now - begin);
    this.#lastAt = now;
    if (this.#heard === undefined || begin < this.#heard.from) return;
    this.#heard.resolve();
    this.#heard = undefined;
  }
}

/**
 * Writes to one process of the Express example, one write after the other, whenever it runs: follows a link of its own again and again, or adds links. Nobody
 * else writes there, so that it knows what must stand in the end.
 */
export class LinkWriter {
  /** How often its link was followed, as far as it was told. */
  views = 0;
  /** Links that it was told are there. */
  added = new Set();
  /** What it was told nothing of, because the process ended, or did not know itself. */
  unknown = { views: 0, added: new Set() };
  #process;
  #waits;
  #name;
  #answers;
  #isStopped = false;
  #written;

  /** @param what `views` or `links` */
  constructor(name, what, { process, waits, answers }) {
    this.#name = name;
    this.#process = process;
    this.#waits = waits;
    this.#answers = answers;
    this.#written = what === 'views' ? this.#follow() : this.#add();
  }

  /** The link that it follows. */
  get link() {
    return this.#name;
  }

  /** Resolves when its last write was answered. */
  async stop() {
    this.#isStopped = true;
    await this.#written;
  }

  async #follow() {
    while (!this.#isStopped) {
      const outcome = await this.#post(`/links/${this.#name}/views`, undefined, 200);
      if (outcome === 'done') this.views++;
      else if (outcome === 'unknown') this.unknown.views++;
    }
  }

  async #add() {
    for (let n = 0; !this.#isStopped; n++) {
      const slug = `${this.#name}-${n}`;
      const outcome = await this.#post('/links', { slug, title: slug, url: 'https://example.com' }, 201);
      if (outcome === 'done') this.added.add(slug);
      else if (outcome === 'unknown') this.unknown.added.add(slug);
    }
  }

  /** `done`; `unknown`, with the process or by its own word; `not sent`, because nobody listens; or `refused`. */
  async #post(target, body, expected) {
    const begin = performance.now();
    let response;
    try {
      response = await fetch(`${this.#process.url}${target}`, {
        ...{ method: 'POST', headers: HEADERS, body: body && JSON.stringify(body) },
      });
      await response.arrayBuffer();
    } catch (error) {
      await wait(ASK_AGAIN);
      return error.cause?.code === 'ECONNREFUSED' ? 'not sent' : 'unknown';
    }
    const { status } = response;
    this.#answers.expect(String(status), status === expected);
    if (status !== expected) return status === 504 ? 'unknown' : 'refused';
    this.#waits.acknowledged(begin);
    return 'done';
  }
}
