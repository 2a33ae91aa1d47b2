import type { IncomingMessage, Server } from 'node:http';

/** What asks for an upgrade, and what goes with it (RFC 9110, §7.8; RFC 7540, §3.2.1). */
const ASKING = new Set(['upgrade', 'http2-settings']);

/**
 * Answers a request to upgrade as if it had not asked for that. Node makes no answer of it any more, whatever it asks
 * for, so the server reads its connection anew: the request without the asking, then `head`, what came behind it.
 *
 * Nothing else may be under way on the connection.
 */
export function readAsPlain(server: Server, request: IncomingMessage, head: Buffer): void {
  const { socket } = request;
  // The connection may have waited for its next request, and for that only so long.
  socket.setTimeout(0);
  socket.unshift(Buffer.concat([plainHead(request), head]));
  server.emit('connection', socket);
}

function plainHead({ method = 'GET', url = '/', httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    const lower = name.toLowerCase();
    if (lower === 'connection') text += `${name}: ${withoutAsking(value)}\r\n`;
    else if (!ASKING.has(lower)) text += `${name}: ${value}\r\n`;
  }
  return Buffer.from(`${text}\r\n`, 'latin1');
}

/** The options of a connection but those that ask for the upgrade. */
function withoutAsking(options: string): string {
  return options
    .split(',')
    .map((option) => option.trim())
    .filter((option) => !ASKING.has(option.toLowerCase()))
    .join(', ');
}
