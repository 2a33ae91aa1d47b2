import { isDeepStrictEqual } from 'node:util';
import type { Frame } from '../../../src/protocol/wire/frames.js';
import type { RecordedRequest, RecordedResponse } from '../recording.js';
import { matchesRecorded } from '../recording.js';
import type { Answer } from '../../unit/server/http.js';
import type { RecordedEvent, RecordedQuery } from './recorded-log.js';

/** A client of the server under test. */
export interface ReplayClient {
  send(frame: Frame): void;
  /** The next frame in the order of arrival. Rejects when none can come any more. */
  next(): Promise<Frame>;
}

/** The server under test and the ways to it. */
export interface Rig {
  /** Opens a client, or tells with which status it is refused. */
  open(query: RecordedQuery): Promise<ReplayClient | number>;
  ask(request: RecordedRequest): Promise<Answer>;
  compact(): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

/** What went otherwise than recorded. */
export class Mismatch extends Error {
  readonly line: number;

  constructor(line: number, expected: unknown, found: unknown) {
    super(`line ${line}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
    this.name = 'Mismatch';
    this.line = line;
  }
}

/** The lease of the recordings that is taken over when it has expired. */
const EXPIRED_BEFORE = 'l13';
const TIME_TO_EXPIRE = 200;

/** Of the recorded token's scopes those that mean something to our server. */
const SCOPES = ['entries:read', 'entries:write', 'files:read', 'files:write'];

/**
 * Plays the clients of a recording and compares what they hear, each in its own order.
 *
 * @param comparable what of an answer or a payload is to be compared. Default: all of it
 * @throws Mismatch
 */
export async function replay(
  rig: Rig,
  log: readonly RecordedEvent[],
  comparable: (body: unknown) => unknown = (body) => body,
): Promise<void> {
  const clients = new Map<string, ReplayClient>();
  const of = (name: string): ReplayClient => {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`client ${name} is not open`);
    return client;
  };
  for (const [line, event] of log.entries()) {
    switch (event.at) {
      case 'open': {
        const opened = await rig.open(event.query);
        const result = typeof opened === 'number' ? { status: opened } : 'open';
        if (!isDeepStrictEqual(result, event.result)) throw new Mismatch(line, event.result, result);
        if (typeof opened !== 'number') clients.set(event.client, opened);
        break;
      }
      case 'out':
        if (clientOpIdOf(event.frame) === EXPIRED_BEFORE) await rig.pass(TIME_TO_EXPIRE);
        of(event.client).send(event.frame);
        break;
      case 'in': {
        const [joinRef, ref, topic, name, payload] = await of(event.client).next();
        const frame: Frame = [joinRef, ref, topic, name, comparable(payload)];
        if (!matchesFrame(frame, event.frame)) throw new Mismatch(line, event.frame, frame);
        break;
      }
      case 'in-run':
        await expectRun(line, of(event.client), event);
        break;
      case 'all-once':
        await expectAllOnce(line, of(event.client), event.last);
        break;
      case 'no-reply':
        break;
      case 'http': {
        const received = await rig.ask(event.request);
        const answer = { ...received, json: comparable(received.json) };
        if (!matchesAnswer(answer, event.response)) throw new Mismatch(line, event.response, answer);
        break;
      }
      case 'bulk':
        await writeBulk(rig, event.set);
        break;
      case 'compact':
        await rig.compact();
        break;
    }
  }
  for (const client of clients.values()) await expectNothingMore(log.length, client);
}

/** What came and was not recorded comes before the answer to a heartbeat: that a message is never answered, too. */
async function expectNothingMore(line: number, client: ReplayClient): Promise<void> {
  const expected: Frame = [null, 'end', 'phoenix', 'phx_reply', { status: 'ok', response: {} }];
  client.send([null, 'end', 'phoenix', 'heartbeat', {}]);
  const frame = await client.next();
  if (!matchesFrame(frame, expected)) throw new Mismatch(line, expected, frame);
}

async function expectRun(
  line: number,
  client: ReplayClient,
  run: { readonly count: number; readonly first: number; readonly last: number },
): Promise<void> {
  const seqs: unknown[] = [];
  for (let i = 0; i < run.count; i++) {
    const frame = await client.next();
    if (frame[3] !== 'event') throw new Mismatch(line, run, frame);
    seqs.push((frame[4] as any).store_seq);
  }
  const found = { count: seqs.length, first: seqs[0], last: seqs.at(-1) };
  const { count, first, last } = run;
  if (!isDeepStrictEqual(found, { count, first, last })) throw new Mismatch(line, run, found);
}

async function expectAllOnce(line: number, client: ReplayClient, last: number): Promise<void> {
  let seen = 0;
  let through: unknown;
  while (seen < last || through === undefined) {
    const [, , , event, payload] = await client.next();
    const { store_seq: seq, through_seq: throughSeq } = payload as any;
    if (event === 'event' && seq === seen + 1) seen = seq;
    else if (event === 'catch_up_complete' && throughSeq === seen) through = throughSeq;
    else throw new Mismatch(line, { event, after: seen }, payload);
  }
}

const BULK_SIZE = 500;

async function writeBulk(rig: Rig, count: number): Promise<void> {
  for (let start = 0; start < count; start += BULK_SIZE) {
    const ops = Array.from({ length: BULK_SIZE }, (_, i) => ({
      op: 'set',
      path: `bulk/k${start + i}`,
      value: start + i,
    }));
    const path = '/api/stores/$STORE/entries/batch_write';
    const { status } = await rig.ask({ method: 'POST', path, body: { ops } });
    expect(status).toBe(200);
  }
}

function clientOpIdOf([, , , , payload]: Frame): unknown {
  return (payload as { client_op_id?: unknown }).client_op_id;
}

function matchesFrame(actual: Frame, recorded: Frame): boolean {
  return matchesRecorded(withKnownIds(actual), withKnownIds(withOurScopes(recorded)));
}

/** Ids with something before or behind the random part are compared as text. */
function withKnownIds(frame: unknown): unknown {
  const text = JSON.stringify(frame);
  return JSON.parse(
    text
      .replace(/"http:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}"/g, '"http:$UUID"')
      .replace(/"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}:(\d+)"/g, '"$UUID:$2"'),
  );
}

function withOurScopes(frame: unknown): unknown {
  return JSON.parse(JSON.stringify(frame), (key, value: unknown) =>
    key === 'scopes' && Array.isArray(value) ? value.filter((scope) => SCOPES.includes(scope)) : value,
  );
}

function matchesAnswer(answer: Answer, { status, headers, text, ...recorded }: RecordedResponse): boolean {
  const found = Object.fromEntries(Object.keys(headers).map((key) => [key, answer.headers[key]]));
  return (
    answer.status === status &&
    matchesRecorded(found, headers) &&
    (text === undefined || answer.text === text) &&
    (!('body' in recorded) || matchesRecorded(answer.json, recorded.body))
  );
}
