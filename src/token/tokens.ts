import { noTokenGiven, tokenNotGiven } from './errors.js';
import type { Scrub } from './scrub.js';
import { createScrub } from './scrub.js';
import type { TokenSource } from './source.js';
import { isToken } from './source.js';

/** How many tokens that a function gave are taken out of texts: the present one, and those that answers may still speak of. */
const REMEMBERED = 8;

/** The token of one client, as its option has it or as the function gives it. */
export class Tokens {
  readonly #source: TokenSource;
  readonly #scrubs: [token: string, scrub: Scrub][] = [];
  #current: string | undefined;
  #asking: Promise<string> | undefined;

  constructor(source: TokenSource) {
    this.#source = source;
    if (typeof source === 'string') this.#current = this.#remember(source);
  }

  /** The present token; undefined while the function has not given one. */
  get current(): string | undefined {
    return this.#current;
  }

  /** The token that the function gives now, asked once for all who wait. @throws DustError `unauthorized` */
  ask(): Promise<string> {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Notes that the server refuses a token. False when there can be no other: then it is kept. */
  forget(refused: string | undefined): refused is string {
    if (typeof this.#source === 'string' || refused === undefined) return false;
    if (this.#current === refused) this.#current = undefined;
    return true;
  }

  /** Takes all tokens that were used out of a text. */
  readonly scrub: Scrub = (text) => this.#scrubs.reduce((rest, [, scrub]) => scrub(rest), text);

  async #askOnce(): Promise<string> {
    let token: unknown;
    try {
      token = typeof this.#source === 'string' ? this.#source : await this.#source();
    } catch (error) {
      throw tokenNotGiven(error);
    }
    if (!isToken(token)) throw noTokenGiven();
    this.#current = this.#remember(token);
    return token;
  }

  #remember(token: string): string {
    if (this.#scrubs.some(([known]) => known === token)) return token;
    this.#scrubs.push([token, createScrub(token)]);
    if (this.#scrubs.length > REMEMBERED) this.#scrubs.shift();
    return token;
  }
}
