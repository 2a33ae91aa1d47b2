import { ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';

/** What asks for an upgrade, and what goes with it (RFC 9110, §7.8; RFC 7540, §3.2.1). */
const ASKING = new Set(['upgrade', 'http2-settings']);

/** From this version on, Node reads the body of such a request before it lets go of the connection. */
const READS_BODIES = 26;

const [MAJOR] = process.versions.node.split('.');

/**
 * Answers a request to upgrade as if it had not asked for that; `head` is what came behind it. Nothing else may be under way
 * on the connection.
 *
 * Node's own way, `shouldUpgradeCallback`, loses what came together with the request.
 */
export function answerAsPlain(server: Server, request: IncomingMessage, head: Buffer): void {
  if (Number(MAJOR) >= READS_BODIES && hasBody(request)) answerAsLast(server, request);
  else readAnew(server, request, head);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Node has done with the connection, so the server reads it again: the request without the asking, and what came behind it. */
function readAnew(server: Server, request: IncomingMessage, head: Buffer): void {
  const { socket } = request;
  // The connection may have waited for its next request, and for that only so long.
  socket.setTimeout(0);
  socket.unshift(Buffer.concat([plainHead(request), head]));
  server.emit('connection', socket);
}

/** The body of the request is in Node's hands, and nothing can be read behind it: its answer is the connection's last. */
function answerAsLast(server: Server, request: IncomingMessage): void {
  const { socket } = request;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => {
    request.resume();
    socket.destroySoon();
  });
  socket.on('error', () => undefined);
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  server.emit('request', request, response);
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
