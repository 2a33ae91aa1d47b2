import { CliWorld } from '../unit/cli/cli-world.js';
import { openClusterStore } from '../../src/cluster/index.js';
import { silentLogger } from '../../src/logging.js';
import type { Store } from '../../src/store/index.js';
import { createMemoryStorage } from '../../src/store/index.js';
import { PostgresServer } from './postgres-server.js';

const world = CliWorld.use();
const STORE = 'acme/commands';

let server: PostgresServer;
let nodes: Store[];

beforeAll(async () => {
  server = await PostgresServer.start();
}, 120_000);

afterAll(() => server.remove());

beforeEach(async () => {
  nodes = [];
  for (let i = 0; i < 2; i++) {
    nodes.push(await open());
  }
});

afterEach(async () => {
  for (const node of nodes) await node.close();
});

const open = (): Promise<Store> =>
  openClusterStore({ url: server.url, name: STORE, storage: createMemoryStorage(), logger: silentLogger });

const onCluster = (...argv: string[]): string[] => [...argv, '--cluster', server.url, '--store', STORE];

describe('dust-orm cluster', () => {
  it('status tells of the log, its nodes, snapshots and standby', async () => {
    await nodes[0]!.write({ op: 'set', path: 'a', value: 1 });
    const { code, out } = await world.run(onCluster('cluster', 'status', '--json'));
    expect(code).toBe(0);
    const status = JSON.parse(out) as Record<string, unknown>;
    expect(status).toMatchObject({
      store: STORE,
      engine: expect.stringMatching(/^PostgreSQL \d+/),
      level: 1,
      members: [
        { level: 1, name: expect.any(String) },
        { level: 1, name: expect.any(String) },
      ],
      database: { standbys: [], commit: 'on' },
    });
    const text = await world.run(onCluster('cluster', 'status'));
    expect(text.lines).toEqual([
      `store      ${STORE}, level 1`,
      expect.stringMatching(/^log {8}PostgreSQL [\d.]+.*, positions 1 to \d+, [\d.]+ \w+$/),
      'standby    none; synchronous_commit on',
      expect.stringMatching(/^snapshots {2}none; [\d.]+ \w+ of frames since$/),
      'nodes      2',
      expect.stringMatching(/^ {2}.+ {2}level 1, at \d+.*, told \d+ s ago$/),
      expect.stringMatching(/^ {2}.+ {2}level 1, at \d+.*, told \d+ s ago$/),
    ]);
  });

  it('snapshot takes one, in memory and in a folder, and status shows them', async () => {
    await nodes[0]!.write({ op: 'set', path: 'a', value: 2 });
    const first = await world.run(onCluster('cluster', 'snapshot'));
    expect(first.out).toMatch(
      /^Took a snapshot of acme\/commands at position \d+ of the log, [\d.]+ \w+\.\n$/,
    );
    const second = await world.run(
      onCluster('cluster', 'snapshot', '--data', `${world.folder}/copy`, '--json'),
    );
    const { position } = JSON.parse(second.out) as { position: number };
    const status = JSON.parse((await world.run(onCluster('cluster', 'status', '--json'))).out) as {
      snapshots: { position: number }[];
      members: unknown[];
    };
    expect(status.snapshots.at(-1)).toMatchObject({ position });
    // The nodes of the commands have told that they end.
    expect(status.members).toHaveLength(2);
    // A copy that begins with the snapshot is what the others are.
    const late = await open();
    nodes.push(late);
    expect(late.get('a')).toMatchObject({ value: 2 });
  });

  it('upgrade says which level the log is of, and refuses one that nobody knows', async () => {
    expect((await world.run(onCluster('cluster', 'upgrade'))).out).toBe(
      `The log of ${STORE} is of level 1.\n`,
    );
    expect((await world.run(onCluster('cluster', 'upgrade', '--json'))).out).toBe(
      `${JSON.stringify({ store: STORE, level: 1 })}\n`,
    );
    const refused = await world.run(onCluster('cluster', 'upgrade', '--level', '2'));
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringContaining('knows levels up to 1, and not 2'),
    });
  });

  it.each([
    [['status'], 'Nothing says where the log of the cluster is'],
    [['status', '--cluster', 'postgres://127.0.0.1:1/app'], 'Nothing says which store'],
    [
      ['status', '--cluster', 'mysql://x', '--store', STORE],
      'The address of a cluster is that of PostgreSQL',
    ],
  ])('%j says what is missing', async (argv, message) => {
    const outcome = await world.run(['cluster', ...argv]);
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  it('makes nothing for a store that no node has opened, and nothing of an empty database', async () => {
    const url = server.url.replace(/postgres$/, 'template1');
    for (const argv of [
      ['--cluster', server.url, '--store', 'acme/misspelt'],
      ['--cluster', url, '--store', STORE],
    ]) {
      const { code, err } = await world.run(['cluster', 'status', ...argv]);
      expect(code).toBe(1);
      expect(err).toContain('no log of a store');
    }
    const misspelt = await world.run([
      'cluster',
      'snapshot',
      '--cluster',
      server.url,
      '--store',
      'acme/misspelt',
    ]);
    expect(misspelt.err).toContain('no log of a store');
  });
});

describe('dust-orm doctor --cluster', () => {
  it('finds the log, and that there is no standby', async () => {
    const { code, out } = await world.run(onCluster('doctor', '--json'));
    expect(code).toBe(0);
    const { findings } = JSON.parse(out) as {
      findings: { check: string; status: string; message: string }[];
    };
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'cluster ok',
      'standby warn',
      'clock ok',
      'nodes ok',
      'snapshot ok',
    ]);
  });

  it('looks at the cluster of the environment where nothing else is named', async () => {
    const env = { DUST_CLUSTER_URL: server.url, DUST_STORE: STORE };
    expect((await world.run(['doctor'], { env })).lines[0]).toMatch(/^ok +cluster +PostgreSQL/);
    const flagged = { DUST_CLUSTER_URL: server.url };
    const outcome = await world.run(['doctor', '--store', STORE], { env: flagged });
    expect(outcome.lines[0]).toMatch(/^ok +cluster +PostgreSQL/);
    const { lines } = await world.run(['doctor', '--data', world.folder], { env });
    expect(lines[0]).toContain('--data');
  });

  it('says that the database does not answer, without its password', async () => {
    const outcome = await world.run([
      'doctor',
      '--cluster',
      'postgres://dust:secret-of-ours@127.0.0.1:1/app',
      '--store',
      STORE,
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.out).toContain('None of 1 PostgreSQL servers answers as the primary');
    expect(outcome.out + outcome.err).not.toContain('secret-of-ours');
  });
});
