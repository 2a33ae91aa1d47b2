import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useCompiledPackage } from '../../faults/compiled-sources.js';
import { PostgresServer } from '../postgres-server.js';
import { freePort } from '../parts/free-port.js';
import { restoreUnderWrites } from './restore-under-writes.js';

const compiled = useCompiledPackage();
let database: PostgresServer;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'dust-orm-restore-'));
  database = await PostgresServer.start();
}, 120_000);

afterAll(async () => {
  await database.remove();
  rmSync(home, { recursive: true, force: true });
});

it('a new node takes a snapshot of 20,000 leaves while clients write, and has all that was acknowledged', async () => {
  const { violations, leaves, snapshot, ...report } = await restoreUnderWrites({
    url: database.url,
    leaves: 20_000,
    home,
    program: join(compiled.folder, 'cli/main.js'),
    ports: [await freePort(), await freePort()],
    tell: () => undefined,
  });
  expect(violations).toEqual([]);
  // With the counters of the clients.
  expect(leaves).toBe(20_008);
  // It was there before clients wrote, so that the rest came by the log.
  expect(report.behindAtFirst).toBeGreaterThan(0);
  expect(snapshot.bytes).toBeGreaterThan(100_000);
  expect(report.acknowledged).toBeGreaterThanOrEqual(400);
}, 120_000);
