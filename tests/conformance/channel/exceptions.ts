import type { Frame } from '../../../src/protocol/wire/frames.js';
import type { RecordedEvent } from './recorded-log.js';
import { STORE } from './recorded-log.js';

/** Where our server answers better than the recorded one: some lines in place of others. */
export interface Exception {
  readonly why: string;
  /** The recorded line, counted from 0, and what it must be, so that a new recording cannot shift the list unseen. */
  readonly line: number;
  readonly recorded: RecordedEvent;
  /** How many recorded lines are replaced. */
  readonly drop: number;
  readonly instead: readonly RecordedEvent[];
}

const topic = `store:${STORE}`;

const hears = (client: string, frame: Frame): RecordedEvent => ({ at: 'in', client, frame });

const reply = (ref: string, status: string, response: object): RecordedEvent =>
  hears('a', ['1', ref, topic, 'phx_reply', { status, response }]);

const unmatched = (ref: string): RecordedEvent =>
  hears('a', [null, ref, topic, 'phx_reply', { status: 'error', response: { reason: 'unmatched topic' } }]);

const crash = hears('a', ['1', '1', topic, 'phx_error', {}]);

const live = (client: string, event: { readonly path: string; readonly [field: string]: unknown }) =>
  hears(client, [null, null, topic, 'event', { path_segments: event.path.split('/'), ...event }]);

const DELETED = {
  store_seq: 3,
  op: 'delete',
  path: 'docs/hello',
  value: null,
  device_id: 'dev_a',
  client_op_id: 'f4',
};

/** The file that the recorded server crashed on: the second one in its store. */
const SECOND_FILE = {
  store_seq: 2,
  op: 'put_file',
  path: 'docs/noname',
  value: {
    _type: 'file',
    content_type: 'application/octet-stream',
    filename: 'noname',
    hash: 'sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4',
    size: 2,
    uploaded_at: '$TIME',
  },
  device_id: 'dev_a',
  client_op_id: 'f3',
};

const OVER_HTTP = [
  { store_seq: 1, path: 'h/x', op: 'set', value: 1, client_op_id: '$UUID' },
  { store_seq: 2, path: 'h/y', op: 'set', value: 2, client_op_id: '$UUID:0' },
  { store_seq: 3, path: 'h/x', op: 'delete', value: null, client_op_id: '$UUID:1' },
].map((event) => live('a', { device_id: 'http:$UUID', ...event }));

const ROLLED_BACK = [
  { store_seq: 5, op: 'delete', path: 'y', value: null, client_op_id: 'rollback:2:y' },
  { store_seq: 6, op: 'set', path: 'x', value: 2, client_op_id: 'rollback:2:x' },
].map((event) => live('a', { device_id: 'system:rollback', ...event }));

const HTTP_BROADCAST = 'writes over HTTP are broadcast (README of the recordings)';

/** Where a server that does not imitate the recorded one differs from it. */
export const EXCEPTIONS: Readonly<Record<string, readonly Exception[]>> = {
  'channel-heartbeat-and-unknown': [
    {
      why: 'an unknown event is answered with an error (README of the recordings)',
      line: 7,
      recorded: crash,
      drop: 2,
      instead: [reply('2', 'error', { reason: 'unknown event' })],
    },
    {
      why: 'after that error the channel lives on',
      line: 10,
      recorded: unmatched('3'),
      drop: 1,
      instead: [
        live('a', { store_seq: 1, op: 'set', path: 'x', value: 1, device_id: 'dev_a', client_op_id: 'u1' }),
        reply('3', 'ok', { store_seq: 1 }),
      ],
    },
  ],
  'channel-files': [
    {
      why: 'a second file in a store is stored, one without a name too (README of the recordings, PROTOCOL §4)',
      line: 18,
      recorded: crash,
      drop: 2,
      instead: [
        live('a', SECOND_FILE),
        reply('4', 'ok', { store_seq: 2, hash: SECOND_FILE.value.hash }),
        live('b', SECOND_FILE),
      ],
    },
    {
      why: 'the file is there',
      line: 20,
      recorded: expect.objectContaining({ at: 'http' }),
      drop: 1,
      instead: [
        {
          at: 'http',
          request: { method: 'GET', path: '/api/stores/$STORE/entries/docs/noname' },
          response: {
            status: 200,
            headers: { etag: '"2"' },
            body: { path: 'docs/noname', revision: 2, type: 'file', value: SECOND_FILE.value },
          },
        },
      ],
    },
    {
      why: 'after that the channel lives on',
      line: 22,
      recorded: unmatched('5'),
      drop: 1,
      instead: [live('a', DELETED), reply('5', 'ok', { store_seq: 3 }), live('b', DELETED)],
    },
  ],
  'channel-http-writes-and-live-clients': [
    {
      why: HTTP_BROADCAST,
      line: 6,
      recorded: { at: 'out', client: 'a', frame: ['1', '2', topic, 'status', {}] },
      drop: 0,
      instead: OVER_HTTP,
    },
  ],
  'channel-rollback': [
    {
      why: 'rolling a whole store back is broadcast (PROTOCOL §5.4)',
      line: 19,
      recorded: reply('7', 'ok', { ops_written: 2 }),
      drop: 0,
      instead: ROLLED_BACK,
    },
  ],
  'channel-catch-up-paging': [
    {
      why: HTTP_BROADCAST,
      line: 9,
      recorded: { at: 'in-run', client: 'a', count: 1, first: 2501, last: 2501 },
      drop: 1,
      instead: [{ at: 'in-run', client: 'a', count: 2501, first: 1, last: 2501 }],
    },
    {
      why: 'what a catch-up will tell is not told before it (PROTOCOL §5.2)',
      line: 11,
      recorded: { at: 'in-run', client: 'b', count: 2502, first: 2501, last: 2501 },
      drop: 2,
      instead: [{ at: 'all-once', client: 'b', last: 2501 }],
    },
  ],
};

/** A recording with exceptions made. */
export function withExceptions(
  log: readonly RecordedEvent[],
  exceptions: readonly Exception[],
): readonly RecordedEvent[] {
  const edited: (readonly RecordedEvent[])[] = log.map((event) => [event]);
  for (const { line, recorded, drop, instead } of exceptions) {
    expect(log[line]).toEqual(recorded);
    const kept = drop === 0 ? (edited[line] ?? []) : [];
    for (let i = 0; i < drop; i++) edited[line + i] = [];
    edited[line] = [...instead, ...kept];
  }
  return edited.flat();
}
