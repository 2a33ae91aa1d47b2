/** A message of a stream of server-sent events, in the form that Nest's `@Sse()` takes. */
export interface SseMessage {
  /** The payload as text. A message without any is one that browsers ignore: a heartbeat. */
  readonly data: string;
  /** What the client sends back as `Last-Event-ID` when it connects again. */
  readonly id?: string;
  /** The event's name; `message` to the client when left out. */
  readonly type?: string;
  /** Milliseconds the client should wait before it connects again. */
  readonly retry?: number;
}

/** Keeps a quiet stream open. */
export const HEARTBEAT: SseMessage = Object.freeze({ type: 'heartbeat', data: '' });

/** A message as the text that goes over the wire. */
export function encodeSse(message: SseMessage): string {
  let text = '';
  if (message.type !== undefined) text += `event: ${oneLine(message.type)}\n`;
  if (message.id !== undefined) text += `id: ${oneLine(message.id)}\n`;
  if (message.retry !== undefined) text += `retry: ${Math.trunc(message.retry)}\n`;
  if (message.data !== '') text += `data: ${message.data.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n`;
  return `${text}\n`;
}

/** Line breaks would end the field, and a NUL makes clients ignore an id. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ');
}
