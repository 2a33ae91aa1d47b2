import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { useCompiledPackage } from '../../faults/compiled-sources.js';
import { differencesOf } from '../faults/copies.js';
import { HttpSender } from '../faults/load/asker.js';
import { Load } from '../faults/load/load.js';
import { ThisMachine } from '../parts/machine.js';
import { ServedNode } from '../parts/served-node.js';
import { PostgresServer } from '../postgres-server.js';
import { freePort } from '../parts/free-port.js';
import type { SeenFrame } from './frames.js';
import { framesOf } from './frames.js';
import { NEXT_VERSION } from './next-version.js';

const ACCESS = { store: 'acme/rolling', token: 'the-token-of-the-rolling-upgrade' };
const NODES = 3;
/** Writes that are acknowledged between two things that happen. */
const WRITES = 60;
/** After so many milliseconds of silence a node counts no more. */
const MEMBER_LIFETIME = 300_000;

const [current, next] = [useCompiledPackage(), useCompiledPackage(NEXT_VERSION)];

let home: string;
let database: PostgresServer;
let load: Load;
let http: HttpSender;
const nodes: ServedNode[] = [];

const commandOf = ({ folder }: { readonly folder: string }): string => join(folder, 'cli/main.js');

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'dust-orm-rolling-'));
  database = await PostgresServer.start({ settings: ['fsync=off'] });
  for (let i = 0; i < NODES; i++) {
    const folder = join(home, `node${i}`);
    mkdirSync(folder);
    nodes.push(
      new ServedNode({
        machine: new ThisMachine(),
        port: await freePort(),
        folder,
        log: join(home, `node${i}.log`),
        url: database.url,
        program: commandOf(current),
        ...ACCESS,
      }),
    );
  }
  await Promise.all(nodes.map((node) => node.begin()));
  http = new HttpSender(
    nodes.map(({ url }) => url),
    ACCESS,
  );
  load = new Load({
    nodes: nodes.map(({ machine, port }) => ({ host: machine.address, port })),
    ...ACCESS,
    seed: 14,
    send: http.send,
    patience: 1_000,
    clients: 'counting',
  });
  await load.begin();
}, 120_000);

afterAll(async () => {
  await load.close();
  http.close();
  await Promise.all(nodes.map((node) => node.end('SIGKILL')));
  await database.remove();
  rmSync(home, { recursive: true, force: true });
});

/** Resolves when clients have written for a while. */
async function goOn(): Promise<void> {
  const { count } = load.journal;
  while (load.journal.count < count + WRITES) await pause(10);
}

/** A node is ended as an operator does, and begun with its folder and the next version. */
async function replace(node: ServedNode): Promise<void> {
  await node.end('SIGTERM');
  node.install(commandOf(next));
  await node.begin();
}

/** What the command of the next version says. */
async function upgrade(): Promise<{ readonly code: number; readonly said: string }> {
  const argv = [commandOf(next), 'cluster', 'upgrade', '--store', ACCESS.store];
  const env = { ...process.env, DUST_CLUSTER_URL: database.url };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stderr } = error as { readonly code: number; readonly stderr: string };
    return { code, said: stderr };
  }
}

/** Time passes for the log, and for nobody else. */
async function passTime(ms: number): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('update dust_orm.store set time = time + $1 where name = $2', [ms, ACCESS.store]);
  } finally {
    await client.end();
  }
}

async function statusOf(node: ServedNode, path: string): Promise<number | undefined> {
  try {
    const headers = { authorization: `Bearer ${ACCESS.token}` };
    return (await fetch(`${node.url}/api/stores/${ACCESS.store}${path}`, { headers })).status;
  } catch {
    return undefined;
  }
}

const said = (node: ServedNode): string => readFileSync(`${node.folder}.log`, 'utf8');

const NOT_KNOWN = 'is of level 2, and this node knows levels up to 1. Upgrade this node.';

const counts = ({ kinds }: SeenFrame): boolean => kinds.includes('count');

it('nodes are replaced one after the other under writes, and the level is raised when all understand it', async () => {
  const [first, second, last] = nodes as [ServedNode, ServedNode, ServedNode];
  await goOn();
  await replace(first);
  await goOn();
  // Two that do not understand level 2 are there.
  const refused = await upgrade();
  expect(refused.code).toBe(1);
  for (const { pid } of [second, last]) expect(refused.said).toContain(`:${pid}`);
  expect(refused.said).not.toContain(`:${first.pid}`);
  await replace(second);
  await goOn();
  const again = await upgrade();
  expect(again.code).toBe(1);
  expect(again.said).toContain(`:${last.pid}`);
  expect(again.said).not.toContain(`:${second.pid}`);
  expect((await framesOf(database.url, ACCESS.store)).filter(counts)).toEqual([]);

  // It hangs, for longer than it is waited for.
  last.signal('SIGSTOP');
  expect((await upgrade()).code).toBe(1);
  await passTime(MEMBER_LIFETIME);
  expect(await upgrade()).toEqual({ code: 0, said: expect.stringContaining('level 2') });
  await goOn();
  // It goes on, and does not understand the others any more.
  last.signal('SIGCONT');
  while ((await last.readiness()) !== 503 || !said(last).includes(NOT_KNOWN)) await pause(20);
  expect(await statusOf(last, '/entries?pattern=**')).toBe(503);
  expect(await statusOf(last, '/export')).toBe(503);
  await last.end('SIGTERM');

  // Begun again as it was, it serves nothing.
  const before = said(last).length;
  let hasEnded = false;
  const ending = last.beginOnce().finally(() => (hasEnded = true));
  const answers = new Set<number | undefined>();
  while (!hasEnded) {
    answers.add(await statusOf(last, '/entries?pattern=**'));
    await pause(10);
  }
  expect(await ending).toBe(1);
  expect([...answers]).toEqual([undefined]);
  expect(said(last).slice(before)).toContain(NOT_KNOWN);
  await replace(last);
  await goOn();

  const { violations, counts: told } = await load.end();
  expect(violations).toEqual([]);
  expect(Object.keys(told).filter((what) => what.startsWith('failed on the channel'))).toEqual([]);
  // The next level was in use, and not before it was raised.
  const frames = await framesOf(database.url, ACCESS.store);
  const raised = frames.findIndex(({ level }) => level === 2);
  expect(frames.filter(counts).length).toBeGreaterThan(0);
  expect(frames.findIndex(counts)).toBeGreaterThanOrEqual(raised);
  expect(frames.filter(counts).every(({ level }) => level === 2)).toBe(true);
  for (const node of nodes) node.signal('SIGSTOP');
  for (const node of nodes) await node.end('SIGKILL');
  expect(await differencesOf(nodes, ACCESS.store)).toEqual([]);
}, 120_000);
