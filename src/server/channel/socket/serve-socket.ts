import { inspect } from 'node:util';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { isDustError } from '../../../errors.js';
import type { Frame } from '../../../protocol/wire/frames.js';
import { REQUEST_SHAPE } from '../../../protocol/values/shape.js';
import type { ServerParts } from '../../environment.js';
import type { ChannelLoad } from '../../metrics/channel-load.js';
import { addAmount } from '../../metrics/channel-load.js';
import { TypedJson } from '../../http/typed-json.js';
import { ChannelSession } from '../channel-session.js';
import { PROMPT_TURNS } from '../turns.js';
import type { RawMessage } from './socket-inlet.js';
import { SocketInlet } from './socket-inlet.js';
import { SocketOutlet } from './socket-outlet.js';
import type { SocketClient } from './upgrade.js';

/** Codes of RFC 6455, §7.4.1. The third one also tells our clients that to send the same again is of no use. */
const [PROTOCOL_ERROR, POLICY_VIOLATION, MESSAGE_TOO_BIG, TRY_AGAIN_LATER] = [1002, 1008, 1009, 1013];

/** Which member of a frame is its payload. */
const PAYLOAD = 4;

/** Milliseconds that a client has to take note of why its connection ends. */
const FAREWELL_TIME = 2_000;

/** Adds what a connection carries. */
export type AddLoad = (load: ChannelLoad) => void;

/** Runs the session of an open socket, whose bytes go through `connection`, until either is over. */
export function serveSocket(
  socket: WebSocket,
  connection: Duplex,
  { access, deviceId, codec }: SocketClient,
  parts: ServerParts,
): AddLoad {
  const { logger, bounds, memory, snapshots, clock } = parts;
  const { readTimeout } = bounds;
  let callOff = (): void => undefined;

  const outlet = new SocketOutlet({
    socket,
    connection,
    codec,
    bound: bounds.channelBuffer,
    unread: memory.unread,
    clock,
    readTimeout,
    onStalled: () => {
      cutOff('does not read what the channel sends, and was cut off.');
    },
  });
  const session = new ChannelSession({
    parts,
    access,
    deviceId,
    vsn: codec.vsn,
    send,
    end: (why) => {
      if (why === undefined) cut();
      else farewell(POLICY_VIOLATION, why);
    },
    snapshot: (store, seq) => snapshots.of(store, seq, codec),
    isHeld: () => inlet.isHeld,
    onRoom: () => {
      inlet.drain();
    },
    turns: {
      ...PROMPT_TURNS,
      betweenPages: (work) => {
        outlet.whenDrained(work);
      },
      isCongested: () => outlet.isCongested(),
    },
  });
  const inlet: SocketInlet = new SocketInlet({
    socket,
    connection,
    received: memory.received,
    clock,
    readTimeout,
    hasRoomFor: (bytes) => session.hasRoomFor(bytes),
    onMessage: receive,
    onOverflow: () => {
      logger.warn(`${access.name} sent the channel more than the server has room for, and was cut off.`);
      farewell(TRY_AGAIN_LATER, 'too much waits');
    },
    onStalled: () => {
      cutOff('began a message and did not go on, and was cut off.');
    },
  });

  const leave = parts.guests.come({ deviceId, since: clock.now(), stores: () => session.stores });

  socket.on('close', () => {
    leave();
    callOff();
    close();
  });
  // What it was closes the socket, too: a frame beyond the bound, half a surrogate pair, a lost connection.
  socket.on('error', close);

  return (load) => {
    session.addTo(load);
    const waiting = outlet.load;
    addAmount(load.inlet, inlet.load);
    addAmount(load.outlet, waiting);
    load.furthestBehind = Math.max(load.furthestBehind, waiting.bytes);
  };

  function send(frame: Frame): void {
    if (socket.readyState !== socket.OPEN) return;
    try {
      if (outlet.send(frame)) return;
      cutOff('does not read what the channel sends, and was cut off.');
    } catch (error) {
      logger.error(`a frame of the channel cannot be sent: ${inspect(error)}`);
      cut();
    }
  }

  function receive({ bytes, isBinary }: RawMessage): void {
    let frame: Frame;
    try {
      frame = codec.decode(isBinary ? bytes : bytes.toString(), REQUEST_SHAPE);
    } catch (error) {
      if (!isDustError(error)) throw error;
      if (error.detail === 'too_complex') farewell(MESSAGE_TOO_BIG, 'nested too deep, or too many lists');
      else farewell(PROTOCOL_ERROR, 'not a message');
      return;
    }
    session.receive(frame, bytes.length, writtenIn(bytes, isBinary));
  }

  /** Whether numbers are integers or floats counts where one fails to pack what others wrote. */
  function writtenIn(bytes: Buffer, isBinary: boolean): TypedJson | undefined {
    if (isBinary || !parts.imitation.has('unpackable-integers')) return undefined;
    return TypedJson.parse(bytes.toString()).at(PAYLOAD);
  }

  function close(): void {
    session.close();
    inlet.close();
    outlet.close();
  }

  /** For those who would not hear a farewell. */
  function cutOff(why: string): void {
    logger.warn(`${access.name} ${why}`);
    cut();
  }

  /** The end of the socket closes the session. */
  function cut(): void {
    socket.terminate();
  }

  function farewell(code: number, reason: string): void {
    close();
    // Also what waits to be read by the one who is to answer.
    socket.resume();
    socket.close(code, reason);
    callOff();
    callOff = clock.schedule(() => {
      socket.terminate();
    }, FAREWELL_TIME);
  }
}
