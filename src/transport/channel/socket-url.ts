import { invalidSocketUrl } from './errors.js';

const SOCKET_PATH = '/ws/sync/websocket';
const SOCKETS: ReadonlySet<string> = new Set(['ws:', 'wss:']);

/** Where the socket of the server at `url` is, `http…` being its HTTP interface (PROTOCOL §4). */
export function socketUrlOf(url: string): string {
  const base = new URL(url);
  const path = base.pathname.replace(/\/+$/, '');
  return `${base.protocol === 'https:' ? 'wss:' : 'ws:'}//${base.host}${path}${SOCKET_PATH}`;
}

/** @throws DustError `invalid_options` for what leads to no socket; the url itself is not shown */
export function checkSocketUrl(url: unknown): void {
  if (typeof url !== 'string' || !URL.canParse(url)) throw invalidSocketUrl();
  const { protocol, username, password, search, hash } = new URL(url);
  if (!SOCKETS.has(protocol) || `${username}${password}${search}${hash}` !== '') throw invalidSocketUrl();
}
