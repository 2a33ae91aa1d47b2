import { openNatsLog } from '../../src/cluster/logs/nats/index.js';
import { describeNodes } from './describe-nodes.js';
import { NatsServer } from './nats-server.js';

describeNodes('NATS', async () => {
  const server = await NatsServer.start();
  return {
    open: (store) => openNatsLog({ url: server.url, store }),
    killAndBegin: async () => {
      await server.stop();
      await server.begin();
    },
    remove: () => server.remove(),
  };
});
