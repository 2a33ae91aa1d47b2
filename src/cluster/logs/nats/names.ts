import { createHash } from 'node:crypto';
import { nameTooLong } from './errors.js';

/** What a store's streams and subjects are called. */
export interface NatsNames {
  readonly log: { readonly stream: string; readonly subject: string };
  /** Where it is told that there is more; of no stream. */
  readonly news: string;
  readonly shelf: { readonly stream: string; readonly subjects: string };
}

/** How much of a store's name is shown to operators. */
const SHOWN = 40;

/** Of a content, in bytes: its subject must fit into a line of NATS. */
const MAX_NAME_BYTES = 512;

/**
 * Names of a store that a stream can have, each store its own: what NATS does not take in names is left out, and a hash tells apart
 * what looks alike then.
 */
export function namesOf(store: string): NatsNames {
  const shown = store.replaceAll(/[^A-Za-z0-9]/g, '_').slice(0, SHOWN);
  const hash = createHash('sha256').update(store).digest('hex').slice(0, 16);
  const key = `${shown}_${hash}`;
  return {
    log: { stream: `dust_orm_${key}`, subject: `dust_orm.${key}.log` },
    news: `dust_orm.${key}.news`,
    shelf: { stream: `dust_orm_${key}_shelf`, subjects: `dust_orm.${key}.shelf` },
  };
}

/** A name as one word of a subject. @throws DustError `invalid_params` with detail `name_too_long` */
export function wordOf(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.byteLength > MAX_NAME_BYTES) throw nameTooLong(bytes.byteLength, MAX_NAME_BYTES);
  return bytes.toString('base64url');
}

/** The name that a word stands for. */
export function nameOf(word: string): string {
  return Buffer.from(word, 'base64url').toString();
}
