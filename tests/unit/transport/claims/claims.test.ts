import type { FailNextOptions } from '../../../../src/testing/planned-failures.js';
import { ClaimingTransport } from '../../../../src/transport/claims/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import type { ClaimingClient } from './claiming.js';
import { ClaimScene, COUNT, EMAIL, OldWay } from './claiming.js';

const X = '_dust:unique/users/email/=x';

let scene: ClaimScene;
beforeEach(() => {
  scene = new ClaimScene();
});
afterEach(() => scene.close());

const taken = (slug: string) => ({
  kind: 'exists',
  detail: 'duplicate',
  duplicate: { paths: ['email'], values: ['x'], slug },
});

describe('a claim', () => {
  it('lies where it can be read, with the slug of its record, and goes in the commit that changes the value', async () => {
    const { claiming, insert } = await scene.client();
    await insert('a', 'x');
    expect(scene.claims).toEqual({ [X]: 'a' });
    await claiming.set('users/a/email', 'y');
    expect(scene.claims).toEqual({ '_dust:unique/users/email/=y': 'a' });
    const { operations } = scene.store.log({ after: scene.store.status().storeSeq - 3 });
    expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'set users/a/email',
      'set _dust:unique/users/email/=y',
      `delete ${X}`,
    ]);
    await claiming.delete('users/a');
    expect(scene.claims).toEqual({});
  });

  it('costs nothing for what is written elsewhere, and two reads, itself and a commit where something is unique', async () => {
    const { claiming, old, insert } = await scene.client();
    await claiming.set('links/a', { email: 'x' });
    await claiming.set('users/a/note', 'n');
    await claiming.merge('users/a', { note: 'm', more: 1 });
    expect(old.asked.splice(0)).toEqual(['set', 'set', 'merge']);
    await insert('b', 'x');
    expect(old.asked.splice(0)).toEqual(['getMany', 'getMany', 'set', 'batchWrite']);
    await claiming.set('users/b/email', null);
    expect(old.asked.splice(0)).toEqual(['getMany', 'getMany', 'batchWrite']);
    await claiming.set('users/c/email', null);
    expect(old.asked.splice(0)).toEqual(['getMany', 'set']);
  });

  it('is left to a store that keeps values unique itself, from then on', async () => {
    const { old, insert } = await scene.client();
    old.change({ uniqueIndexes: true });
    await insert('a', 'x');
    expect(old.asked).toEqual(['set']);
    old.change({ uniqueIndexes: false });
    await insert('b', 'y');
    expect(scene.claims).toEqual({ '_dust:unique/users/email/=y': 'b' });
  });

  it('is kept without batches too, each step by itself', async () => {
    const { claiming, insert } = await scene.client([EMAIL], { atomicBatch: false });
    await insert('a', 'x');
    await expect(insert('b', 'x')).rejects.toMatchObject(taken('a'));
    await claiming.set('users/a/email', 'y');
    await insert('b', 'x');
    expect(scene.claims).toEqual({ [X]: 'b', '_dust:unique/users/email/=y': 'a' });
    await claiming.delete('users');
    expect(scene.claims).toEqual({});
  });

  it('is kept of a batch that has no room for it', async () => {
    const { claiming } = await scene.client();
    const operations = Array.from({ length: 600 }, (_, i) => ({
      op: 'set' as const,
      path: `users/r${i}`,
      value: { email: `e${i}` },
    }));
    await claiming.batchWrite(operations);
    expect(await scene.survey()).toMatchObject({ records: 600, claims: 600, orphans: [], missing: [] });
    await claiming.delete('users');
    expect(scene.claims).toEqual({});
  });

  it('is held against the other records of a batch, be it written again or given away', async () => {
    const { claiming, insert } = await scene.client();
    await insert('a', 'x');
    await insert('b', 'y');
    const set = (slug: string, email: string) =>
      ({ op: 'set', path: `users/${slug}/email`, value: email }) as const;
    for (const operations of [
      [set('a', 'x'), set('b', 'x')],
      [set('b', 'x'), set('a', 'x')],
    ]) {
      await expect(claiming.batchWrite(operations)).rejects.toMatchObject(taken('a'));
    }
    await claiming.batchWrite([set('b', 'x'), set('a', 'z')]);
    expect(scene.claims).toEqual({ [X]: 'b', '_dust:unique/users/email/=z': 'a' });
  });

  it('is replaced with all others when a whole prefix is', async () => {
    const { claiming, insert } = await scene.client();
    await insert('a', 'x');
    await insert('b', 'y');
    await claiming.set('users', { c: { email: 'x' }, d: { email: 'z' } });
    expect(scene.claims).toEqual({ [X]: 'c', '_dust:unique/users/email/=z': 'd' });
    await expect(claiming.set('users', { e: { email: 'x' }, f: { email: 'x' } })).rejects.toMatchObject(
      taken('e'),
    );
    expect(scene.claims).toEqual({ [X]: 'c', '_dust:unique/users/email/=z': 'd' });
  });

  it('is kept of counters, however many change one at once', async () => {
    const one = await scene.client([COUNT]);
    const two = await scene.client([COUNT]);
    await one.claiming.set('users/a', { count: 5 });
    await scene.whileTimePasses([
      one.claiming.increment('users/a/count', 1),
      two.claiming.increment('users/a/count', 1),
      one.claiming.increment('users/a/count', 2),
    ]);
    expect(scene.store.get('users/a/count')?.value).toBe(9);
    expect(await scene.survey([COUNT])).toMatchObject({ orphans: [], missing: [] });
    // A record without the leaf counts as 0.
    await one.claiming.set('users/b', { note: 'n' });
    await expect(two.claiming.set('users/c/note', 'n')).rejects.toMatchObject({
      duplicate: { paths: ['count'], values: [0], slug: 'b' },
    });
  });

  it('is asked for in any order without waiting for each other for good', async () => {
    const { claiming, insert } = await scene.client();
    await insert('a', 'x');
    await insert('b', 'y');
    const swap = (first: string, second: string) =>
      claiming.batchWrite([
        { op: 'set', path: `users/${first}/email`, value: `${first}${second}` },
        { op: 'set', path: `users/${second}/email`, value: `${second}${first}` },
      ]);
    const outcomes = await scene.whileTimePasses([swap('a', 'b'), swap('b', 'a'), swap('a', 'b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(await scene.survey()).toMatchObject({ claims: 2, orphans: [], missing: [] });
  });
});

describe('a client that stops between its claim and its write', () => {
  /** A claim of `a` without its record. */
  async function abandoned(): Promise<void> {
    const { failures, insert } = await scene.client();
    failures.add('indeterminate', { method: 'batchWrite' });
    await expect(insert('a', 'x')).rejects.toMatchObject({ kind: 'indeterminate' });
    expect(scene.claims).toEqual({ [X]: 'a' });
    expect(scene.emailOf('a')).toBeUndefined();
  }

  it('leaves a claim that the next writer takes over once it has stood for a while', async () => {
    await abandoned();
    const { insert } = await scene.client();
    const began = scene.clock.now();
    const [outcome] = await scene.whileTimePasses([insert('b', 'x')]);
    expect(outcome?.status).toBe('fulfilled');
    expect(scene.clock.now() - began).toBeGreaterThanOrEqual(2000);
    expect(scene.claims).toEqual({ [X]: 'b' });
    expect(await scene.survey()).toMatchObject({ orphans: [], missing: [], duplicates: [] });
  });

  it('leaves one that a single one of many gets', async () => {
    await abandoned();
    const clients = await Promise.all(Array.from({ length: 5 }, () => scene.client()));
    const outcomes = await scene.whileTimePasses(clients.map(({ insert }, i) => insert(`b${i}`, 'x')));
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const [i, outcome] of outcomes.entries()) {
      if (i !== winner) expect(outcome).toMatchObject({ reason: taken(`b${winner}`) });
    }
    expect(scene.claims).toEqual({ [X]: `b${winner}` });
  });

  it('may have its own claim again at once', async () => {
    await abandoned();
    const { insert } = await scene.client();
    await insert('a', 'x');
    expect(await scene.survey()).toMatchObject({ claims: 1, orphans: [], missing: [] });
  });

  /** A client whose next commit waits, and what lets it go on. */
  async function slowClient(): Promise<{ slow: ClaimingClient; isWaiting: () => boolean; goOn: () => void }> {
    const slow = await scene.client();
    let end: (() => void) | undefined;
    slow.old.gate = (method) => {
      if (method !== 'batchWrite') return Promise.resolve();
      slow.old.gate = undefined;
      return new Promise((resolve) => {
        end = resolve;
      });
    };
    return { slow, isWaiting: () => end !== undefined, goOn: () => end?.() };
  }

  it('does not write when it goes on after it lost the claim', async () => {
    const { slow, isWaiting, goOn } = await slowClient();
    const late = Promise.allSettled([slow.insert('a', 'x')]);
    while (!isWaiting()) await scene.clock.advance(0);
    const { insert } = await scene.client();
    await scene.whileTimePasses([insert('b', 'x')]);
    goOn();
    const [all] = await scene.whileTimePasses([late]);
    expect(all).toMatchObject({ value: [{ status: 'rejected', reason: taken('b') }] });
    expect(scene.emailOf('a')).toBeUndefined();
    expect(scene.claims).toEqual({ [X]: 'b' });
  });

  it('takes its claim again when it is gone as it goes on', async () => {
    const { slow, isWaiting, goOn } = await slowClient();
    const late = slow.insert('a', 'x');
    while (!isWaiting()) await scene.clock.advance(0);
    await scene.store.write({ op: 'delete', path: X });
    goOn();
    expect(await scene.whileTimePasses([late])).toMatchObject([{ status: 'fulfilled' }]);
    expect(scene.claims).toEqual({ [X]: 'a' });
  });

  it('gives back what it took when a later attempt fails', async () => {
    const { slow, isWaiting, goOn } = await slowClient();
    const write = slow.claiming.batchWrite([
      { op: 'set', path: 'users/a', value: { email: 'x' } },
      { op: 'set', path: 'users/b', value: { email: 'y' } },
    ]);
    while (!isWaiting()) await scene.clock.advance(0);
    // One of its claims changes, and then a record that has the other value.
    await scene.store.write({ op: 'delete', path: '_dust:unique/users/email/=y' });
    const { insert } = await scene.client();
    await insert('c', 'y');
    goOn();
    const [outcome] = await scene.whileTimePasses([write]);
    expect(outcome).toMatchObject({ reason: { kind: 'exists', duplicate: { slug: 'c' } } });
    expect(scene.claims).toEqual({ '_dust:unique/users/email/=y': 'c' });
  });

  it('does not give back what another record has meanwhile', async () => {
    const { claiming, insert } = await scene.client();
    await insert('a', 'x');
    const { slow, isWaiting, goOn } = await slowClient();
    const late = Promise.allSettled([slow.claiming.set('users/a/email', 'y')]);
    while (!isWaiting()) await scene.clock.advance(0);
    await claiming.set('users/a/email', 'z');
    await insert('b', 'x');
    goOn();
    await scene.whileTimePasses([late]);
    expect(scene.emailOf('a')).toBe('y');
    expect(scene.claims).toEqual({ [X]: 'b', '_dust:unique/users/email/=y': 'a' });
  });
});

/** Every request of an insert, of a change and of a removal, cut before it or behind it. */
const CUTS: readonly [string, 'indeterminate' | 'network', FailNextOptions][] = [
  ['the first read', 'network', { method: 'getMany' }],
  ['both reads', 'network', { method: 'getMany', times: 2 }],
  ['the claim, before it', 'indeterminate', { method: 'set' }],
  ['the claim, behind it', 'indeterminate', { method: 'set', afterCommit: true }],
  ['the commit, before it', 'indeterminate', { method: 'batchWrite' }],
  ['the commit, behind it', 'indeterminate', { method: 'batchWrite', afterCommit: true }],
];

describe.each(CUTS)('an answer that is lost: %s', (_, kind, options) => {
  it.each([
    ['an insert', (client: Awaited<ReturnType<ClaimScene['client']>>) => client.insert('a', 'x')],
    ['a change', (client) => client.claiming.set('users/old/email', 'x')],
    ['a removal', (client) => client.claiming.delete('users/old')],
  ] satisfies [string, (client: Awaited<ReturnType<ClaimScene['client']>>) => Promise<unknown>][])(
    'never leaves a record without its claim, of %s',
    async (__, write) => {
      const client = await scene.client();
      await client.insert('old', 'o');
      client.failures.add(kind, options);
      await scene.whileTimePasses([write(client)]);
      const survey = await scene.survey();
      expect(survey.missing).toEqual([]);
      expect(survey.duplicates).toEqual([]);
      const other = await scene.client();
      const [next] = await scene.whileTimePasses([other.insert('b', 'x')]);
      const holder = ['a', 'old'].find((slug) => scene.emailOf(slug) === 'x');
      if (holder === undefined) expect(next?.status).toBe('fulfilled');
      else expect(next).toMatchObject({ status: 'rejected', reason: taken(holder) });
      const after = await scene.survey();
      expect([after.missing, after.duplicates]).toEqual([[], []]);
    },
  );
});

it('a claim that cannot be given back is an orphan, and no fault of the write', async () => {
  const client = await scene.client();
  await client.claiming.set('users/a/email', 'y');
  client.failures.add('network', { method: 'delete' });
  await expect(client.claiming.set('users/a/email', 'x', { ifMatch: 77 })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(scene.claims).toEqual({ [X]: 'a', '_dust:unique/users/email/=y': 'a' });
  const other = await scene.client();
  const [outcome] = await scene.whileTimePasses([other.insert('b', 'x')]);
  expect(outcome?.status).toBe('fulfilled');
});

it('a wait for a claim ends with the transport, and with its signal', async () => {
  const dead = await scene.client();
  dead.failures.add('indeterminate', { method: 'batchWrite', times: 1 });
  await dead.insert('a', 'x').catch(() => undefined);
  const { claiming } = await scene.client();
  const controller = new AbortController();
  const called = claiming.set('users/b', { email: 'x' }, { signal: controller.signal });
  const closed = claiming.set('users/c', { email: 'x' });
  const outcomes = Promise.allSettled([called, closed]);
  await scene.clock.advance(100);
  controller.abort();
  await scene.clock.advance(100);
  await claiming.close();
  expect(await outcomes).toMatchObject([{ reason: { kind: 'aborted' } }, { reason: { kind: 'closed' } }]);
  expect(scene.clock.pending).toBe(0);
});

it('writes that wait for each other are bounded, and give their room back', async () => {
  const way = new OldWay(new EmbeddedTransport({ store: scene.store }), {});
  const claiming = new ClaimingTransport({ way, clock: scene.clock, room: { count: 2, bytes: 1_000 } });
  await claiming.connect();
  await claiming.useIndexes('users', [EMAIL]);
  const insert = (email: string, note = '') => claiming.set(`users/${email}`, { email, note });
  for (const round of ['a', 'b', 'c']) {
    const outcomes = await Promise.allSettled([1, 2, 3].map((i) => insert(`${round}${i}`)));
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { reason: { kind: 'rate_limited', detail: 'outbox_full' } },
    ]);
    const large = await Promise.allSettled([1, 2].map((i) => insert(`${round}-${i}`, 'x'.repeat(900))));
    expect(large).toMatchObject([
      { status: 'fulfilled' },
      { reason: { kind: 'rate_limited', detail: 'outbox_full' } },
    ]);
  }
  await claiming.close();
});
