import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CurlCall } from './curl-arguments.js';
import { curlCall } from './curl-arguments.js';

const NOWHERE = '/dev/null';

/** Prints what `curl` would print, on machines that have none: the few flags that the pages use, over plain HTTP. */
export async function curlStandIn(args: readonly string[], folder: string): Promise<string> {
  const call = curlCall(args, folder);
  const agent = new Agent({ keepAlive: true });
  let printed = '';
  let saved = '';
  try {
    for (const url of call.urls) {
      const response = await send(call, new URL(url), agent);
      const shown = (call.include ? head(response) : '') + (await text(response));
      if (call.output === undefined) printed += shown;
      else saved += shown;
      printed += writeOut(call.writeOut, response);
    }
  } finally {
    agent.destroy();
  }
  if (call.output !== undefined && call.output !== NOWHERE) writeFileSync(call.output, saved);
  return printed;
}

function send({ method, headers, body }: CurlCall, url: URL, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent }, resolve).on('error', reject);
    for (const [name, value] of headers) sent.setHeader(name, value);
    if (body !== undefined) sent.setHeader('Content-Length', Buffer.byteLength(body));
    sent.end(body);
  });
}

function head({ httpVersion, statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/${httpVersion} ${statusCode} ${statusMessage}`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function writeOut(format: string, { statusCode }: IncomingMessage): string {
  return format.replaceAll('\\n', '\n').replaceAll(/%\{(\w+)\}/g, (_, name: string) => {
    if (name !== 'http_code') throw new Error(`Behind -w only %{http_code} is known, not %{${name}}`);
    return String(statusCode);
  });
}
