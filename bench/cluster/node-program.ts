// A node in a process of its own: what it is asked comes over the channel to whoever began it, and it ends with that.
import { argv } from 'node:process';
import { openClusterStore } from '../../src/cluster/index.js';
import { silentLogger } from '../../src/logging.js';
import { createMemoryStorage } from '../../src/store/index.js';
import { Counters } from './counters.js';
import type { NodeAnswer, NodeOptions, NodeRequest } from './node-process.js';

const { url, store: name } = JSON.parse(argv[2]!) as NodeOptions;
const storage = createMemoryStorage();
const counters = new Counters(await openClusterStore({ url, name, storage, logger: silentLogger }));

process.on('message', (request) => {
  void answerTo(request as NodeRequest).then(send);
});
process.once('disconnect', () => {
  void counters.store.close();
});
send({ acknowledged: 0, perSecond: 0 });

async function answerTo(request: NodeRequest): Promise<NodeAnswer> {
  if (request.ask === 'increment') {
    return counters.increment(request.writers, request.milliseconds);
  }
  await counters.store.barrier();
  counters.assertCounted(request.acknowledged);
  return { acknowledged: 0, perSecond: 0 };
}

function send(answer: NodeAnswer): void {
  process.send!(answer);
}
