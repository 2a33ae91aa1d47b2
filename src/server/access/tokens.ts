import type { OptionNames } from '../../options/index.js';
import { TEXT, TEXTS, checkOptionNames, checkOptionValues } from '../../options/index.js';
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { invalidOption } from '../errors.js';
import type { AccessToken, Scope } from '../options.js';
import { STORE_NAME } from '../stores/store-name.js';

const SCOPES: readonly Scope[] = ['entries:read', 'entries:write', 'files:read', 'files:write'];
const MIN_TOKEN_LENGTH = 16;
/** One that is longer fits into no URL of a channel, where three characters may stand for one. */
const MAX_TOKEN_LENGTH = 4096;
const NAMES: OptionNames<AccessToken> = { token: true, name: true, scopes: true, stores: true };

/** What the bearer of a token may do. Holds nothing of the secret. */
export interface Access {
  /** Names the token in the log. */
  readonly name: string;
  /** Who its writes over HTTP are from: `http:<uuid>`, another one after each start. */
  readonly deviceId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The stores, `org/name`, it opens; undefined when it opens all. */
  readonly stores: readonly string[] | undefined;
  /** Whether it opens the store `org/name`. */
  opens(store: string): boolean;
}

/** The tokens a server knows, by their digests. HTTP and channel ask it alike. */
export class Tokens {
  readonly #known: readonly { readonly digest: Buffer; readonly access: Access }[];

  /** @throws DustError `invalid_options` that names the token by its position or name, never by its secret */
  constructor(tokens: readonly AccessToken[]) {
    if (tokens.length === 0) {
      throw invalidOption(
        'tokens: a server needs at least one token, because nobody could use it otherwise.',
      );
    }
    for (const [position, token] of tokens.entries()) checkToken(token, `tokens[${position}]`);
    const secrets = new Set(tokens.map(({ token }) => token));
    this.#known = tokens.map((token, position) => {
      const label = `tokens[${position}]`;
      return { digest: digestOf(token.token), access: accessOf(token, label) };
    });
    if (secrets.size < tokens.length) {
      throw invalidOption('tokens: two of them are the same. Give each its own secret.');
    }
  }

  /** Whom a secret belongs to. Takes the same time whichever it is like. */
  find(secret: string): Access | undefined {
    const digest = digestOf(secret);
    let found: Access | undefined;
    for (const { digest: known, access } of this.#known) {
      if (timingSafeEqual(digest, known)) found = access;
    }
    return found;
  }
}

/** The secret of a header `Authorization: Bearer <secret>`. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** A new secret. */
export function newToken(): string {
  return `dust_tok_${randomBytes(32).toString('base64url')}`;
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function accessOf({ name, scopes = SCOPES, stores }: AccessToken, label: string): Access {
  const opened = stores && new Set(stores);
  return {
    name: name ?? label,
    deviceId: `http:${randomUUID()}`,
    scopes: new Set(scopes),
    stores: stores && [...stores],
    opens: (store) => opened === undefined || opened.has(store),
  };
}

/**
 * @param label where the token was written, for a message
 * @throws DustError `invalid_options`, which does not show it
 */
export function checkSecret(token: unknown, label: string): void {
  if (typeof token !== 'string' || token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token)) {
    throw invalidOption(
      `${label} must have ${MIN_TOKEN_LENGTH} or more visible ASCII characters, without spaces. Make a longer one up.`,
    );
  }
  if (token.length > MAX_TOKEN_LENGTH) {
    throw invalidOption(
      `${label} must have ${MAX_TOKEN_LENGTH} characters at the most: a longer one fits into no request.`,
    );
  }
}

function checkToken(access: AccessToken, label: string): void {
  checkOptionNames(label, access, NAMES);
  checkOptionValues(label, access, { name: TEXT, scopes: TEXTS, stores: TEXTS });
  const { token, scopes = [], stores = [] } = access;
  checkSecret(token, `${label}.token`);
  const unknown = scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) {
    throw invalidOption(`${label}.scopes holds ${JSON.stringify(unknown)}. There are ${SCOPES.join(', ')}.`);
  }
  const malformed = stores.find((store) => !STORE_NAME.test(store));
  if (malformed !== undefined) {
    throw invalidOption(`${label}.stores holds ${JSON.stringify(malformed)}, which is not "org/name".`);
  }
}
