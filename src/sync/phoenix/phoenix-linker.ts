import type { FrameCodec } from '../../protocol/frame-codec.js';
import { jsonCodec } from '../../protocol/frame-codec.js';
import { CHANNEL_CAPABILITY_VERSION, topicOf } from '../../protocol/frames.js';
import type { Link, LinkHandlers, Linker } from '../connection/link.js';
import type { Packages } from './phoenix-connection.js';
import type { PhoenixLinkSettings } from './phoenix-link.js';
import { PhoenixLink } from './phoenix-link.js';

const HEARTBEAT_INTERVAL = 30_000;
const OPEN_TIMEOUT = 10_000;
/** A snapshot is one message, however large the store; a text of more than 512 MB is no JavaScript string. */
const MAX_PAYLOAD = 256 * 1024 * 1024;

/** How links reach a store. */
export interface PhoenixLinkerOptions {
  /** Where the socket is, such as `wss://dustlayer.io/ws/sync/websocket`. */
  readonly socketUrl: string;
  /** The store, `org/name`. */
  readonly store: string;
  /** What the server knows the caller by. Travels in the socket's url; appears in no end, error or inspection. */
  readonly token: string;
  /** Who writes. */
  readonly deviceId: string;
  /** Default JSON. */
  readonly codec?: FrameCodec | undefined;
  /** Milliseconds between heartbeats; an unanswered one ends the link after as long again. Default 30,000. */
  readonly heartbeatInterval?: number | undefined;
  /** Milliseconds until the server must have accepted a socket. Default 10,000. */
  readonly openTimeout?: number | undefined;
  /** The longest message that is accepted, in bytes. Default 256 MiB. */
  readonly maxPayload?: number | undefined;
}

/** Opens links over WebSockets (PROTOCOL §4). Loads the packages for it with the first one. */
export class PhoenixLinker implements Linker {
  readonly #settings: PhoenixLinkSettings;
  #packages: Promise<Packages> | undefined;

  constructor(options: PhoenixLinkerOptions) {
    const { socketUrl, store, token, deviceId, codec = jsonCodec } = options;
    this.#settings = {
      endPoint: socketUrl.replace(/(\/websocket)?\/*$/, ''),
      params: { token, device_id: deviceId, capver: String(CHANNEL_CAPABILITY_VERSION) },
      topic: topicOf(store),
      codec,
      heartbeatInterval: options.heartbeatInterval ?? HEARTBEAT_INTERVAL,
      openTimeout: options.openTimeout ?? OPEN_TIMEOUT,
      maxPayload: options.maxPayload ?? MAX_PAYLOAD,
      scrub: (text) => text.replaceAll(token, '[token]'),
    };
  }

  open(handlers: LinkHandlers): Link {
    this.#packages ??= loadPackages();
    return new PhoenixLink(this.#packages, this.#settings, handlers);
  }
}

async function loadPackages(): Promise<Packages> {
  const [phoenix, ws] = await Promise.all([import('phoenix'), import('ws')]);
  return { phoenix, ws };
}
