import type { JsonValue } from '../../../src/protocol/values/value.js';
import { CLIENT_FRAMES, FUZZED_STORE } from './frame-samples.js';
import { TOKEN } from './fuzzed-server.js';

const BASE = `/api/stores/${FUZZED_STORE}`;

/** A request with the token, byte by byte; `$` stands for the store's url. */
export function request(line: string, body?: unknown, headers: readonly string[] = []): string {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return [
    `${line.replace('$', () => BASE)} HTTP/1.1`,
    ...['Host: 127.0.0.1', 'Connection: close', `Authorization: Bearer ${TOKEN}`],
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ...headers,
    '',
    text,
  ].join('\r\n');
}

const DUMP = '{"_header":true,"path_schema_version":3}\n{"path":"a/b","value":"x","type":"string"}\n';

const UPGRADE = [
  `GET /ws/sync/websocket?token=${TOKEN}&device_id=d&capver=3&vsn=2.0.0 HTTP/1.1`,
  ...['Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''],
].join('\r\n');

/** A frame of the WebSocket protocol with a mask of zeros, so that its bytes are the text's. */
function webSocketFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length =
    bytes.length < 126 ? [0x80 | bytes.length] : [0x80 | 126, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), bytes]);
}

/** Bodies that some route takes. */
export const HTTP_BODIES: readonly JsonValue[] = [
  'text',
  { b: 1, c: { d: [1, 2.5, null] }, e: { _type: 'decimal', _typed: '1.5' } },
  { path: 'a/b', value: { x: true }, if_absent: true },
  { path: 'a/b', value: 5, if_match: 1 },
  { paths: ['a/b', 'a/c'] },
  {
    ops: [
      { op: 'set', path: 'a/b', value: 1.5, if_match: 2 },
      { op: 'delete', path: 'a/c' },
      { op: 'increment', path: 'a/n', value: 2 },
      { op: 'add', path: 'a/s', value: 'x' },
      { op: 'set', path: 'a/d', value: {}, if_absent: true },
    ],
  },
];

const CONVERSATION = [
  Buffer.from(UPGRADE),
  ...CLIENT_FRAMES.map((frame) => webSocketFrame(JSON.stringify(frame))),
];

/** One of each request that a server answers, and an upgrade with what clients say over the socket. */
export const HTTP_SAMPLES: readonly Uint8Array[] = [
  ...[
    request('GET /health'),
    request('GET /readyz'),
    request('GET $/entries?pattern=a/**&limit=10&order=desc&after=a/b'),
    request('GET $/entries?prefix=a&select=keys&from=a&to=b'),
    request('GET $/entries/a/b'),
    request('HEAD $/entries/a%2Fb/%7E0'),
    request('PUT $/entries/a/b', 'text', ['If-Match: 3'])
      .replace('Length: 4', 'Length: 6')
      .replace('\r\n\r\ntext', '\r\n\r\n"text"'),
    request('PUT $/entries/a', { b: 1, c: { d: [1, 2.5, null] } }, [
      'Idempotency-Key: k1',
      'If-None-Match: *',
    ]),
    request('DELETE $/entries/a/b', undefined, ['If-Match: 1']),
    request('POST $/entries', { path: 'a/b', value: { x: true }, if_absent: true, if_match: 4 }),
    request('DELETE $/entries', { path: 'a/b' }),
    request('POST $/entries/batch', { paths: ['a/b', 'a/c'] }),
    request('POST $/entries/batch_write', {
      ops: [
        { op: 'set', path: 'a/b', value: 1.0, if_match: 2 },
        { op: 'delete', path: 'a/c' },
        { op: 'increment', path: 'a/n', value: 2 },
        { op: 'add', path: 'a/s', value: 'x' },
      ],
    }),
    request('GET $/log?since=0&limit=5'),
    request('GET $/export'),
    request('POST $/import', DUMP).replace('application/json', 'application/x-ndjson'),
    request('GET $/subscribe?pattern=**'),
    request(`GET /api/files/${'a'.repeat(64)}`),
    request('POST $/entries', '5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n').replace(
      /Content-Length: \d+/,
      'Transfer-Encoding: chunked',
    ),
    request('GET $/entries/a') + request('GET $/entries/b'),
  ].map((text) => Buffer.from(text)),
  Buffer.concat(CONVERSATION),
  Buffer.concat(CONVERSATION.slice(0, 3)),
];

/** Words of the protocol. */
export const HTTP_WORDS: readonly string[] = [
  ...[
    'GET ',
    'HEAD ',
    'PUT ',
    'POST ',
    'DELETE ',
    'PATCH ',
    'OPTIONS ',
    'CONNECT ',
    'TRACE ',
    'PRI * HTTP/2.0\r\n\r\n',
  ],
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\u0000',
    ': ',
    ' HTTP/1.0',
    ' HTTP/1.1',
    ' HTTP/9.9',
    'Content-Length: 0\r\n',
  ],
  ...[
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip\r\n',
    'Expect: 100-continue\r\n',
  ],
  ...[
    'Expect: nonsense\r\n',
    'Connection: Upgrade\r\nUpgrade: websocket\r\n',
    'Connection: keep-alive\r\n',
    'Host: [::1\r\n',
  ],
  ...[
    'Content-Type: text/plain\r\n',
    'Content-Encoding: gzip\r\n',
    'Authorization: \r\n',
    'If-Match: *\r\n',
    'Range: bytes=0-\r\n',
  ],
  ...[
    'http://127.0.0.1:1/',
    '//',
    '/../',
    '/./',
    '?',
    '#',
    '&',
    '=',
    '%',
    '%00',
    '%2F',
    '%FF',
    '%C3',
    '%ED%A0%80',
  ],
  ...[
    'pattern=**',
    'pattern=\\*',
    'limit=0',
    'limit=99999',
    'limit=-1',
    'order=desc',
    'after=',
    'select=keys',
    'prefix=',
  ],
  ...[
    '/entries',
    '/entries/',
    '/log',
    '/export',
    '/import',
    '/subscribe',
    '/watch',
    '/api/files/',
    '/health',
    '__proto__',
  ],
  ...['x'.repeat(20_000), '%41'.repeat(200)],
];
