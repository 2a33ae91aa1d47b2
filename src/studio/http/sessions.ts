import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Browsers that may be let in at once; another one takes the place of the one that came first. */
const MAX_SESSIONS = 16;

/** 256 bits. */
const SECRET_BYTES = 32;

/**
 * Who may come in. A secret stands in an address that is good for one visit; for it a browser gets another one, in a cookie. Neither is kept
 * here but by its hash, and hashes are compared in constant time.
 */
export class Sessions {
  #waiting: Buffer | undefined;
  readonly #sessions: Buffer[] = [];

  /** The secret of the next one-time address. The one before is void, used or not. */
  invite(): string {
    const secret = newSecret();
    this.#waiting = hashOf(secret);
    return secret;
  }

  /** What the secret of an address is exchanged for, once; undefined for any other text. */
  exchange(secret: string): string | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined || !timingSafeEqual(hashOf(secret), waiting)) return undefined;
    this.#waiting = undefined;
    const session = newSecret();
    this.#sessions.push(hashOf(session));
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift();
    return session;
  }

  /** Whether a browser has been let in with this. */
  has(session: string): boolean {
    const hash = hashOf(session);
    let found = false;
    for (const each of this.#sessions) found = timingSafeEqual(each, hash) || found;
    return found;
  }

  /** Nobody is let in any more. */
  end(): void {
    this.#waiting = undefined;
    this.#sessions.length = 0;
  }
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
