import { getProxyForUrl } from 'proxy-from-env';
import { malformedProxy, unknownKindOfProxy } from './errors.js';

/** A proxy that the environment names. */
export interface Proxy {
  /** Host and port, for messages: the url may hold credentials. */
  readonly address: string;
  /** The variable that names it, such as `HTTPS_PROXY`. */
  readonly variable: string;
  /** Where it is. May hold credentials. */
  readonly url: URL;
}

/** What a proxy is called in messages. */
export function proxyName({ address, variable }: Proxy): string {
  return `the proxy ${address} that ${variable} names`;
}

const KINDS: ReadonlySet<string> = new Set(['http:', 'https:']);
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http:', '80'],
  ['https:', '443'],
]);
/** A socket takes the way that requests to its server take. */
const REQUESTS_OF: ReadonlyMap<string, string> = new Map([
  ['ws:', 'http:'],
  ['wss:', 'https:'],
]);
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether a host is this machine, so that no proxy is asked. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * The proxy that `HTTP_PROXY` or `HTTPS_PROXY` (else `ALL_PROXY`) names for a server or its socket; undefined where there is
 * none, `NO_PROXY` excludes the host, or the server is on this machine.
 *
 * @throws DustError `invalid_options` with detail `proxy` for a variable that names none that can be used
 */
export function proxyFor(target: string): Proxy | undefined {
  const asked = new URL(target);
  if (isLoopback(asked.hostname)) return undefined;
  const scheme = REQUESTS_OF.get(asked.protocol) ?? asked.protocol;
  const found = getProxyForUrl(`${scheme}//${asked.host}`);
  if (found === '') return undefined;
  const variable = variableOf(scheme.slice(0, -1));
  if (!URL.canParse(found)) throw malformedProxy(variable);
  const url = new URL(found);
  if (!KINDS.has(url.protocol)) throw unknownKindOfProxy(variable, url.protocol);
  if (url.hostname === '' || !canBeDecoded(url)) throw malformedProxy(variable);
  return { address: `${url.hostname}:${portOf(url)}`, variable, url };
}

/** Whether its user name and password are what they were before they were escaped. */
function canBeDecoded({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}

/** The port of a proxy's url, where it leaves it out too. */
export function portOf({ port, protocol }: URL): string {
  return port === '' ? (DEFAULT_PORTS.get(protocol) ?? '') : port;
}

/** The variable that the choice was made by, in the order in which they are looked at. */
function variableOf(scheme: string): string {
  const names = [`${scheme}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return names.find((name) => (process.env[name] ?? '') !== '') ?? `${scheme.toUpperCase()}_PROXY`;
}
