/** Of RFC 6455, §5.2: the last or only part of a text or of a binary message. */
const TEXT = 0x81;
const BINARY = 0x82;
/** The longest payload whose length needs no more than two bytes; none is longer here. */
const MOST = 0xffff;

/** Messages of up to 65,535 bytes, texts and binary ones, as they stand on the wire from a server. */
export function webSocketFrames(messages: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(messages.flatMap((message) => framed(message)));
}

function framed(message: string | Uint8Array): Uint8Array[] {
  const payload = typeof message === 'string' ? Buffer.from(message) : message;
  const { length } = payload;
  if (length > MOST) throw new RangeError(`a frame of ${length} bytes`);
  const opcode = typeof message === 'string' ? TEXT : BINARY;
  const header = length < 126 ? [opcode, length] : [opcode, 126, length >> 8, length & 0xff];
  return [Buffer.from(header), payload];
}
