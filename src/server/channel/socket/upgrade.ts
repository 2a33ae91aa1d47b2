import type { IncomingMessage } from 'node:http';
import { CHANNEL_CAPABILITY_VERSION } from '../../../protocol/wire/frames.js';
import type { FrameCodec } from '../../../protocol/wire/frame-codec.js';
import { jsonCodec, messagePackCodec } from '../../../protocol/wire/frame-codec.js';
import { isDustError } from '../../../errors.js';
import { DEVICE_ID } from '../../../options/index.js';
import type { Entrance } from '../../access/entrance.js';
import type { Access } from '../../access/tokens.js';

const SOCKET_PATH = '/ws/sync/websocket';
const CODECS: ReadonlyMap<string, FrameCodec> = new Map(
  [jsonCodec, messagePackCodec].map((codec) => [codec.vsn, codec]),
);

/** Who opens a socket, and how he wants to be spoken to. */
export interface SocketClient {
  readonly access: Access;
  readonly deviceId: string;
  readonly codec: FrameCodec;
}

/** Whether a request asks for a socket of the channel. Any other upgrade is none of ours (RFC 9110, §7.8). */
export function asksForSocket({ url = '', headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url.split('?', 1)[0] === SOCKET_PATH;
}

/** Lets a request for a socket through, or says with which status it is refused (PROTOCOL §4). */
export function clientOf(request: IncomingMessage, entrance: Entrance): SocketClient | 403 | 404 | 429 {
  const [, ...rest] = (request.url ?? '').split('?');
  if (request.method !== 'GET') return 404;
  const query = new URLSearchParams(rest.join('?'));
  const access = accessOf(query.get('token') ?? undefined, request, entrance);
  const deviceId = query.get('device_id') ?? '';
  const codec = CODECS.get(query.get('vsn') ?? '');
  if (typeof access === 'number') return access;
  if (codec === undefined) return 403;
  if (!DEVICE_ID.fits(deviceId) || !isCapable(query.get('capver'))) return 403;
  return { access, deviceId, codec };
}

function accessOf(
  secret: string | undefined,
  { socket }: IncomingMessage,
  entrance: Entrance,
): Access | 403 | 429 {
  try {
    return entrance.admit(secret, socket.remoteAddress);
  } catch (error) {
    if (isDustError(error, 'unauthorized')) return 403;
    if (isDustError(error, 'rate_limited')) return 429;
    throw error;
  }
}

function isCapable(version: string | null): boolean {
  return /^\d{1,9}$/.test(version ?? '') && Number(version) >= CHANNEL_CAPABILITY_VERSION;
}
