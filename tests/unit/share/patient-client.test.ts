import { DustError } from '../../../src/errors.js';
import { PatientClient } from '../../../src/share/patient-client.js';
import { TestClock } from '../../../src/testing/index.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../../../src/transport/http/index.js';
import { notCarriedOut } from '../../../src/transport/not-carried-out.js';

const OK: HttpResponse = { status: 200, headers: new Map(), body: {} };
const lost = () => new DustError('network', 'lost.', { detail: 'connection_lost' });
const away = () => notCarriedOut(new DustError('network', 'away.', { detail: 'owner_away' }));
const write: HttpRequest = {
  ...{ method: 'POST', target: '/entries/batch_write', effect: 'once' },
  headers: { 'X-Request-Id': 'one' },
};

/** A client over one whose answers are given; an error is thrown, the last one for ever. */
function scene(...answers: (HttpResponse | (() => DustError))[]) {
  const clock = new TestClock();
  const sent: HttpRequest[] = [];
  const inner: HttpClient = {
    send: (request) => {
      sent.push(request);
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      return typeof answer === 'function' ? Promise.reject(answer()) : Promise.resolve(answer);
    },
    close: () => undefined,
  };
  const client = new PatientClient(inner, { clock, random: () => 0.5 });
  /** What it answers, while time passes. */
  const answer = async (request: HttpRequest): Promise<HttpResponse> => {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    const work = client.send(request);
    work.then(end, end);
    while (!isOver) await clock.advance(50);
    return work;
  };
  return { client, clock, sent, answer };
}

describe('requests while the folder changes its owner', () => {
  it('are made again under their ids until there is an answer', async () => {
    const { answer, sent } = scene(lost, away, away, OK);
    expect(await answer(write)).toBe(OK);
    expect(sent.map(({ headers }) => headers)).toEqual(Array(4).fill({ 'X-Request-Id': 'one' }));
  });

  it('wait at most a tenth of a second between two', async () => {
    const { answer, sent, clock } = scene(away, away, away, OK);
    const begin = clock.now();
    await answer(write);
    expect(clock.now() - begin).toBeLessThanOrEqual(100 * (sent.length - 1));
  });

  it.each([
    ['refused', () => new DustError('conflict', 'changed', { status: 409 })],
    ['not refused, but in vain', () => new DustError('http', 'no', { status: 400 })],
  ])('have failed when the next owner has %s: it would know what was done', async (_, refusal) => {
    const { answer, sent } = scene(lost, refusal);
    await expect(answer(write)).rejects.toEqual(refusal());
    expect(sent).toHaveLength(2);
  });

  it('are indeterminate when no owner has answered for ten seconds', async () => {
    const { answer, clock } = scene(lost, away);
    const begin = clock.now();
    await expect(answer(write)).rejects.toMatchObject({
      ...{ kind: 'indeterminate', detail: 'owner_away', retryable: false },
      message: expect.stringContaining('may or may not have been applied'),
    });
    expect(clock.now() - begin).toBeGreaterThanOrEqual(10_000);
    expect(clock.now() - begin).toBeLessThan(10_200);
  });

  it('are indeterminate when an owner takes too long, and are not made again then', async () => {
    const { answer, sent } = scene(() => new DustError('timeout', 'late.', { detail: 'response' }));
    await expect(answer(write)).rejects.toMatchObject({ kind: 'indeterminate' });
    expect(sent).toHaveLength(1);
  });

  it('were not carried out when none of them was sent', async () => {
    const { answer } = scene(away);
    await expect(answer(write)).rejects.toMatchObject({ kind: 'network', detail: 'owner_away' });
  });

  it('are as they are where they do no harm twice', async () => {
    const { answer, sent } = scene(lost);
    const read: HttpRequest = { method: 'GET', target: '/entries', effect: 'read' };
    await expect(answer(read)).rejects.toMatchObject({ kind: 'network', detail: 'connection_lost' });
    expect(sent.length).toBeGreaterThan(10);
    expect(sent[0]).toBe(read);
  });

  it('are not made again without an id: nobody would know them', async () => {
    const { answer, sent } = scene(() => new DustError('indeterminate', 'lost.'));
    await expect(answer({ ...write, headers: {} })).rejects.toMatchObject({ kind: 'indeterminate' });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.effect).toBe('once');
  });

  it.each([
    ['were not sent', away, 'closed'],
    ['may have been carried out', lost, 'indeterminate'],
  ] as const)('end with the client, and say whether they %s', async (_, fault, kind) => {
    const { client } = scene(fault);
    const request = client.send(write);
    await new Promise((resolve) => setImmediate(resolve));
    client.close();
    await expect(request).rejects.toMatchObject({ kind });
  });

  it('are called off', async () => {
    const { client } = scene(away);
    const abort = new AbortController();
    const request = client.send({ ...write, signal: abort.signal });
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await expect(request).rejects.toMatchObject({ kind: 'aborted' });
  });
});
