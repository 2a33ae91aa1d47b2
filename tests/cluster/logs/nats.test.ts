import { openNatsLog } from '../../../src/cluster/logs/nats/index.js';
import { describeLog } from '../../unit/cluster/logs/describe-log.js';
import { NatsServer } from '../nats-server.js';

let server: NatsServer;
let made = 0;

beforeAll(async () => {
  server = await NatsServer.start();
}, 120_000);

afterAll(() => server.remove());

describeLog('NATS', () => {
  const store = `acme/log-${++made}`;
  return Promise.resolve({ connect: () => openNatsLog({ url: server.url, store }) });
});
