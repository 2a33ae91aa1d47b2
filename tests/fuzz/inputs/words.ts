/** Strings that mean something to the package, or to the platform it runs on. */
export const STRINGS: readonly string[] = [
  ...['', ' ', '.', '..', '/', '//', '~', '~0', '~1', '~2', '*', '**', '\\*', '\\**', 'a', 'a/b', 'a/**'],
  ...['%', '%2F', '%00', '%FF', '%C3%A9', '\u0000', '\r\n', '\ud800', '\udc00', '\ufeff', '😀', 'é', 'é'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'valueOf', 'length'],
  ...[
    '_type',
    '_typed',
    '_json',
    '_scalar',
    '_header',
    '_dust/sessions/a',
    'file',
    'lease',
    'json',
    'decimal',
  ],
  ...[
    '2026-01-01T00:00:00.000Z',
    '1e999',
    'NaN',
    '-0',
    '12.50',
    'true',
    'null',
    'undefined',
    '[object Object]',
  ],
  ...['set', 'delete', 'merge', 'increment', 'add', 'remove', 'put_file', 'renew', 'release', 'ASC', 'DESC'],
  ...['text/html; charset=utf-8', 'a\r\nSet-Cookie: x', 'AAAA', '====', 'x'.repeat(300), 'a/'.repeat(200)],
];

/** Numbers at the edges of what readers hold them in. */
export const NUMBERS: readonly number[] = [
  ...[0, -1, 1, 2, 0.1, -0.5, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53],
  ...[-(2 ** 53), 2 ** 63, 2 ** 64, 1e21, 1e308, 5e-324],
];

/** Keys of objects that somebody looks for. */
export const KEYS: readonly string[] = [
  ...['a', 'id', 'path', 'value', 'type', 'op', 'ops', 'paths', 'where', 'order', 'skip', 'take', 'operator'],
  ...['operands', '~valueType', '_type', '_typed', '_json', 'if_match', 'if_absent', 'fence', 'key', 'token'],
  ...[
    'ttl_ms',
    'holder',
    'client_op_id',
    'store_seq',
    '__proto__',
    'constructor',
    'then',
    'toJSON',
    'length',
  ],
];
