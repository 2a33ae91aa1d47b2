import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import type { ChannelTransportOptions } from '../transport/channel/index.js';

/** What of a channel's options a shared folder takes. */
type ChannelSettings =
  | 'deviceId'
  | 'prefixes'
  | 'cache'
  | 'staleAfter'
  | 'delivery'
  | 'limits'
  | 'retry'
  | 'timeout'
  | 'requests'
  | 'random';

/** The way to a folder of this machine that several processes share. */
export interface SharedFolderOptions extends Pick<ChannelTransportOptions, ChannelSettings> {
  /** The folder that makes the store durable (LMDB). */
  readonly path: string;
  /** Takes the folder from an owner on another host, for the one start after that host was lost. Default false. */
  readonly takeOver?: boolean | undefined;
  /** Walks all of the folder's data when this process opens it first. Default false. */
  readonly verify?: boolean | undefined;
  /** What leases and time stamps go by. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** Hears what becomes of the folder. Default: standard error. */
  readonly logger?: Logger | undefined;
}
