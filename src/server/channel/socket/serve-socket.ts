import { inspect } from 'node:util';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { isDustError } from '../../../errors.js';
import type { Frame } from '../../../protocol/frames.js';
import { REQUEST_SHAPE } from '../../../protocol/shape.js';
import type { ServerParts } from '../../environment.js';
import { ChannelSession } from '../channel-session.js';
import { SocketOutlet } from './socket-outlet.js';
import { PROMPT_TURNS } from '../turns.js';
import type { SocketClient } from './upgrade.js';

/** Codes of RFC 6455, §7.4.1. The second one also tells our clients that to send the same again is of no use. */
const [PROTOCOL_ERROR, MESSAGE_TOO_BIG] = [1002, 1009];

/** Runs the session of an open socket, whose bytes go through `connection`, until either is over. */
export function serveSocket(
  socket: WebSocket,
  connection: Duplex,
  { access, deviceId, codec }: SocketClient,
  parts: ServerParts,
): void {
  const { logger, bounds } = parts;
  const outlet = new SocketOutlet({ socket, connection, codec, bound: bounds.channelBuffer });

  const send = (frame: Frame): void => {
    if (socket.readyState !== socket.OPEN) return;
    try {
      if (outlet.send(frame)) return;
      logger.warn(`${access.name} does not read what the channel sends, and was cut off.`);
    } catch (error) {
      logger.error(`a frame of the channel cannot be sent: ${inspect(error)}`);
    }
    end();
  };
  const end = (): void => {
    session.close();
    socket.terminate();
  };
  const session = new ChannelSession({
    parts,
    access,
    deviceId,
    send,
    end,
    turns: {
      ...PROMPT_TURNS,
      betweenPages: (work) => {
        outlet.whenDrained(work);
      },
      isCongested: () => outlet.isCongested(),
    },
  });

  socket.on('message', (data, isBinary) => {
    const frame = frameOf(data, isBinary);
    if (frame !== undefined) session.receive(frame);
  });
  socket.on('close', () => {
    session.close();
  });
  // What it was closes the socket, too: a frame beyond the bound, half a surrogate pair, a lost connection.
  socket.on('error', () => {
    session.close();
  });

  function frameOf(data: RawData, isBinary: boolean): Frame | undefined {
    const bytes = bytesOf(data);
    try {
      return codec.decode(isBinary ? bytes : bytes.toString(), REQUEST_SHAPE);
    } catch (error) {
      if (!isDustError(error)) throw error;
      session.close();
      if (error.detail === 'too_complex') socket.close(MESSAGE_TOO_BIG, 'nested too deep, or too many lists');
      else socket.close(PROTOCOL_ERROR, 'not a message');
      return undefined;
    }
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
