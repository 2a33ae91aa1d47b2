import { FEATURES, FEATURES_HEADER, featuresIn } from '../../../src/protocol/wire/features.js';
import type { Imitate } from '../../../src/server/index.js';
import { http } from './http.js';
import { Room } from './channel/clients.js';
import { BASE, start, stopAll } from './running.js';

afterEach(stopAll);

/** What a server announces, in each of the three places. */
async function announced(imitate: Imitate | undefined): Promise<readonly unknown[]> {
  const { url, ask } = await start({ imitate });
  const header = (await ask('GET', '/entries/none')).headers[FEATURES_HEADER];
  const room = new Room({ imitate });
  const client = room.client();
  const { features } = client.replyTo(client.join()).response;
  return [(await http(url, { path: '/healthz' })).json.features, header, features];
}

test('all features are announced in health, in every answer and in the reply to a join', async () => {
  const [health, header, join] = await announced(undefined);
  expect([health, join]).toEqual([FEATURES, FEATURES]);
  expect([...featuresIn(header)]).toEqual(FEATURES);
});

test('an imitating server announces nothing', async () => {
  expect(await announced('0.1')).toEqual([undefined, undefined, undefined]);
});

test.each([
  [['late-writer'], FEATURES],
  [['silent-http-writes'], FEATURES.filter((feature) => feature !== 'commits')],
  [['ignored-if-absent'], FEATURES.filter((feature) => feature !== 'batch-if-absent')],
] as const)('with %j what is announced still holds', async (imitate, features) => {
  expect((await announced(imitate))[0]).toEqual(features);
});

test.each([
  ['a refusal', 'GET', `${BASE}/entries/a`, 401],
  ['an unknown route', 'GET', '/api/nothing', 404],
  ['a target that makes no url', 'GET', '//', 404],
])('the header is on %s', async (_, method, path, status) => {
  const { url } = await start();
  const answer = await http(url, { method, path });
  expect([answer.status, answer.headers[FEATURES_HEADER]]).toEqual([status, FEATURES.join(', ')]);
});

test('the log tells commits where they are announced', async () => {
  for (const [imitate, commit] of [
    [undefined, { first: 1, last: 2 }],
    ['0.1', undefined],
  ] as const) {
    const { ask } = await start({ imitate });
    const ops = ['a', 'b'].map((path) => ({ op: 'set', path, value: 1 }));
    const answer = await ask('POST', '/entries/batch_write', { body: { ops } });
    expect(answer.json.commit).toEqual(commit);
    const { items } = (await ask('GET', '/log')).json;
    expect(items.map((item: any) => item.commit)).toEqual([commit, commit]);
  }
});
