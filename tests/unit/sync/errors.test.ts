import type { DustError } from '../../../src/errors.js';
import {
  channelCrashed,
  connectionRefused,
  endedBehind,
  engineClosed,
  invalidValue,
  mirrorBehind,
  outboxFull,
  outcomeUnknown,
  storeRestored,
  unexpectedReply,
  writeAborted,
  writeHeldUp,
  writeRateLimited,
  writeRefused,
  writeTimedOut,
} from '../../../src/sync/errors.js';

const WRITE = { op: 'set', path: 'a/b' };
const { signal } = new AbortController();
const refusedFor = (reason: string, more = {}): DustError => writeRefused(WRITE, { reason, ...more }, 7);

/** Every error of the engine: what it is, whether to try again, and the words that a reader needs. */
const ROWS: readonly [
  error: DustError,
  kind: string,
  detail: string | undefined,
  retryable: boolean,
  words: RegExp,
][] = [
  [
    engineClosed('acme/a'),
    'closed',
    undefined,
    false,
    /the store acme\/a is closed.*Await what is under way/,
  ],
  [
    connectionRefused('s/s', 'unauthorized'),
    'unauthorized',
    'unauthorized',
    false,
    /Check the token, and the name/,
  ],
  [
    connectionRefused('s/s', 'missing_scope'),
    'forbidden',
    'missing_scope',
    false,
    /Use a token with the scopes/,
  ],
  [connectionRefused('s/s', 'store_not_allowed'), 'forbidden', 'store_not_allowed', false, /Use a token/],
  [
    connectionRefused('s/s', 'not_found'),
    'store_not_found',
    'not_found',
    false,
    /Create the store, or correct/,
  ],
  [
    connectionRefused('s/s', 'store_not_found'),
    'store_not_found',
    'store_not_found',
    false,
    /Create the store/,
  ],
  [connectionRefused('s/s', 'whatever'), 'unauthorized', 'whatever', false, /: whatever\. Check the token/],
  [
    writeAborted(WRITE, signal, true),
    'aborted',
    undefined,
    false,
    /^set "a\/b": called off.*may be committed/,
  ],
  [writeAborted(WRITE, signal, false), 'aborted', undefined, false, /called off.*never sent/],
  [
    channelCrashed(WRITE),
    'indeterminate',
    'channel_crashed',
    false,
    /^set "a\/b": .*crashed twice in a row.*not sent again.*Read before writing again.*0\.1 .* every file but the first/,
  ],
  [
    writeRateLimited(WRITE, 5),
    'rate_limited',
    undefined,
    true,
    /^set "a\/b": .*rate limit of the token.*5 ms beyond\. Nothing was written\. .*raise its limit/,
  ],
  [
    writeHeldUp(WRITE, 5),
    'timeout',
    undefined,
    true,
    /^set "a\/b": not sent within 5 ms.*the writes before it\. Nothing was written/,
  ],
  [
    outcomeUnknown(WRITE, 'cut off'),
    'indeterminate',
    undefined,
    false,
    /cut off, so it may have been committed or not/,
  ],
  [writeTimedOut(WRITE, 5), 'timeout', undefined, true, /not sent within 5 ms.*Nothing was written/],
  [
    mirrorBehind(WRITE, 9, 5),
    'timeout',
    'committed',
    false,
    /committed with seq 9.*within 5 ms. Do not write it again/,
  ],
  [
    endedBehind(WRITE, 9, engineClosed('s/s')),
    'closed',
    'committed',
    false,
    /committed with seq 9.*Do not write it again/,
  ],
  [outboxFull(WRITE, '3 writes'), 'rate_limited', 'outbox_full', true, /3 writes wait already/],
  [invalidValue(WRITE, 'a function', ''), 'invalid_value', undefined, false, /this one holds a function\.$/],
  [
    invalidValue(WRITE, 'a function', 'x/y'),
    'invalid_value',
    undefined,
    false,
    /holds a function at x\/y\.$/,
  ],
  [unexpectedReply(WRITE, undefined), 'indeterminate', undefined, false, /something that is no answer/],
  [
    refusedFor('conflict'),
    'conflict',
    undefined,
    false,
    /somebody wrote it meanwhile; read again and retry\.$/,
  ],
  [refusedFor('exists'), 'exists', undefined, false, /expected no leaf, but there is one/],
  [refusedFor('internal'), 'http', 'internal', false, /the server failed; look into its log\.$/],
  [
    writeRefused(WRITE, { reason: 'internal', kind: 'storage', detail: 'gone' }, undefined),
    'http',
    'internal',
    false,
    /the server failed; look into its log\.$/,
  ],
  [
    writeRefused(
      WRITE,
      { reason: 'internal', kind: 'storage', detail: 'gone', message: 'as the owner says it' },
      undefined,
    ),
    'storage',
    'gone',
    false,
    /^as the owner says it$/,
  ],
  [refusedFor('held'), 'held', undefined, false, /someone else holds the lease/],
  [refusedFor('occupied'), 'occupied', undefined, false, /holds a value that is not a lease/],
  [refusedFor('not_held'), 'not_held', undefined, false, /take the lease again/],
  [refusedFor('fenced'), 'fenced', undefined, false, /the write was not applied/],
  [refusedFor('too_large'), 'invalid_params', 'too_large', false, /longer than the server takes/],
  [refusedFor('unauthorized'), 'unauthorized', undefined, false, /not valid any more/],
  [refusedFor('missing_scope'), 'forbidden', 'missing_scope', false, /lacks the scope/],
  [refusedFor('store_not_allowed'), 'forbidden', 'store_not_allowed', false, /not for this store/],
  [refusedFor('store_archived'), 'forbidden', 'store_archived', false, /archived/],
  [refusedFor('limit_exceeded'), 'forbidden', 'limit_exceeded', false, /limit of its plan/],
  [
    refusedFor('new_word', { message: 'so it is' }),
    'invalid_params',
    'new_word',
    false,
    /refused it: new_word \(so it is\)\.$/,
  ],
  [writeRefused(WRITE, {}, 7), 'invalid_params', 'no reason given', false, /refused it: no reason given/],
  [storeRestored('s/s'), 'indeterminate', undefined, false, /restored to a state from before/],
];

it.each(ROWS)('%s', (error, kind, detail, retryable, words) => {
  expect([error.kind, error.detail, error.retryable]).toEqual([kind, detail, retryable]);
  expect(error.message).toMatch(words);
});

it.each([
  ['conflict', 7],
  ['exists', 7],
  ['fenced', undefined],
  ['held', undefined],
])('%s tells the revision %p', (reason, revision) => {
  expect(refusedFor(reason).currentRevision).toBe(revision);
});

it.each([null, 0])('a conflict with the revision %p says so', (revision) => {
  expect(writeRefused(WRITE, { reason: 'conflict' }, revision).currentRevision).toBe(revision);
});
