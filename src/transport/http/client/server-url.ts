import { isLoopback } from '../../proxy/index.js';
import { invalidUrl, optionName, socketUrl } from '../option-errors.js';

/** Where a server is. */
export interface ServerUrl {
  /** Scheme, host and port, such as `https://dustlayer.io`. */
  readonly origin: string;
  /** What stands before every request's target: the origin and the url's path, without a slash at its end. */
  readonly base: string;
  /** Whether the server is on this machine, so that no proxy is asked. */
  readonly loopback: boolean;
}

/** Where the hosted Dust is: the server of a token that comes without a url. */
export const DEFAULT_URL = 'https://dustlayer.io';

const HTTP = new Set(['http:', 'https:']);
const SOCKETS: ReadonlyMap<string, string> = new Map([
  ['ws:', 'http:'],
  ['wss:', 'https:'],
]);

/**
 * Reads the url of a server.
 *
 * @param name what it is called in a message, such as the flag that was typed
 * @throws DustError `invalid_options` saying what to write; the url itself is not shown, it may hold credentials
 */
export function parseServerUrl(url: unknown, name = optionName('url')): ServerUrl {
  if (typeof url !== 'string' || url.trim() === '') throw invalidUrl(name, 'is missing');
  if (!URL.canParse(url)) throw invalidUrl(name, 'is not a url, or lacks its https://');
  const parsed = new URL(url);
  const { protocol, host, hostname } = parsed;
  const instead = SOCKETS.get(protocol);
  if (instead !== undefined) throw socketUrl(name, protocol, `${instead}//${host}`);
  if (!HTTP.has(protocol)) throw invalidUrl(name, 'does not begin with https:// or http://');
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalidUrl(name, 'holds a user name or a password. Servers are asked with the token alone');
  }
  if (url.includes('?') || url.includes('#')) throw invalidUrl(name, 'holds a query (?…) or a fragment (#…)');
  return {
    origin: parsed.origin,
    base: `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`,
    loopback: isLoopback(hostname),
  };
}
