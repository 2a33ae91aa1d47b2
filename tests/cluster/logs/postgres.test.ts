import { openPostgresLog } from '../../../src/cluster/logs/postgres/index.js';
import { describeLog } from '../../unit/cluster/logs/describe-log.js';
import { PostgresServer } from '../postgres-server.js';

let server: PostgresServer;
let made = 0;

beforeAll(async () => {
  server = await PostgresServer.start();
}, 120_000);

afterAll(() => server.remove());

describeLog('PostgreSQL', () => {
  const store = `acme/log-${++made}`;
  return Promise.resolve({ connect: () => openPostgresLog({ url: server.url, store }) });
});
