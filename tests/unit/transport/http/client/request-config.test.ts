import type { JsonValue } from '../../../../../src/protocol/values/value.js';
import { requestConfig } from '../../../../../src/transport/http/client/request-config.js';

const bodyOf = (body: JsonValue, contentType?: string): string => {
  const { data } = requestConfig(
    { method: 'PUT', target: '/x', effect: 'idempotent', body, contentType },
    'tok',
  );
  return String(data);
};

it.each<[JsonValue, string]>([
  [9e20, '9.0e20'],
  [2 ** 64, '1.8446744073709552e19'],
  [
    { ops: [{ op: 'set', path: 'a', value: [9e20, '900000000000000000000'] }] },
    '[9.0e20,"900000000000000000000"]',
  ],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  [null, 'null'],
  ['', '""'],
])('%j is sent as %s: a float beyond what integers hold', (body, text) => {
  expect(bodyOf(body)).toContain(text);
});

it('text with a type of its own is sent as it is', () => {
  expect(bodyOf('{"value":900000000000000000000}\n', 'application/x-ndjson')).toBe(
    '{"value":900000000000000000000}\n',
  );
});
