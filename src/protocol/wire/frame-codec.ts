import { protocolError, tooComplex } from './errors.js';
import type { Frame } from './frames.js';
import { parseJson } from '../values/json-text.js';
import { packMessage, unpackMessage } from './message-pack.js';
import type { Shape } from '../values/shape.js';
import { ANSWER_SHAPE, ShapeExceeded } from '../values/shape.js';
import { toWireJson } from './wire-json.js';

/** One of the two serialisations of the channel (PROTOCOL §4). */
export interface FrameCodec {
  /** What a client asks for in the query of its socket's url. */
  readonly vsn: '2.0.0' | '3.0.0';
  /** A text frame as a string, a binary one as bytes of the caller's own. */
  encode(frame: Frame): string | Uint8Array;
  /**
   * The frame that was encoded. Reads views of larger buffers, keeps nothing of them. The payload is whatever the other side
   * sent: JSON, its keys all data, even `__proto__`.
   *
   * @param shape what it may hold. Default: what a server may say
   * @throws DustError `network`: `protocol` for what is no frame, `too_complex` for what holds more than it may
   */
  decode(data: string | Uint8Array, shape?: Shape): Frame;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON in text frames. */
export const jsonCodec: FrameCodec = {
  vsn: '2.0.0',
  encode: toWireJson,
  decode: (data, shape = ANSWER_SHAPE) =>
    frameIn('JSON', () => parseJson(typeof data === 'string' ? data : UTF_8.decode(data), shape)),
};

/** MessagePack in binary frames. */
export const messagePackCodec: FrameCodec = {
  vsn: '3.0.0',
  encode: packMessage,
  decode: (data, shape = ANSWER_SHAPE) => {
    if (typeof data === 'string') throw protocolError('a text frame where MessagePack was agreed on');
    return frameIn('MessagePack', () => unpackMessage(data, shape));
  },
};

function frameIn(format: string, read: () => unknown): Frame {
  let message: unknown;
  try {
    message = read();
  } catch (error) {
    if (error instanceof ShapeExceeded) throw tooComplex(error);
    throw protocolError(`what is not ${format}`, error);
  }
  if (!isFrame(message)) throw protocolError('a message that is not [join_ref, ref, topic, event, payload]');
  return message;
}

function isFrame(message: unknown): message is Frame {
  if (!Array.isArray(message) || message.length !== 5) return false;
  const [joinRef, ref, topic, event] = message as readonly unknown[];
  return isReference(joinRef) && isReference(ref) && typeof topic === 'string' && typeof event === 'string';
}

function isReference(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
