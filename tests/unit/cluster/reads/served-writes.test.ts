import { silentLogger } from '../../../../src/logging.js';
import { HttpTransport } from '../../../../src/transport/http/index.js';
import { createChannelTransport, EngineRegistry } from '../../../../src/transport/channel/index.js';
import { refusalOf } from '../../store/open-store.js';
import { goOn } from '../model/turns.js';
import type { HeldNode } from './held-nodes.js';
import { HeldNodes } from './held-nodes.js';

describe('a write through a served node whose log does not answer in time', () => {
  let cluster: HeldNodes;
  let node: HeldNode;

  beforeEach(() => {
    cluster = new HeldNodes(1);
    [node] = cluster.nodes as [HeldNode];
  });

  afterEach(() => cluster.close());

  /** The log has the write, and the node has given up waiting for it. */
  async function sentAndGivenUp(): Promise<void> {
    const { last } = cluster.log.bounds;
    while (cluster.log.bounds.last === last) await goOn();
    await node.clock.advance(30_000);
  }

  it('over the channel is waited for, and counts once', async () => {
    const destination = await cluster.serve(node);
    const transport = createChannelTransport({ ...destination, logger: silentLogger }, new EngineRegistry());
    await transport.connect();
    try {
      await transport.set('warm', 1);
      node.hold();
      const write = transport.increment('a', 1);
      await sentAndGivenUp();
      node.letGo();
      await write;
      expect(await transport.get('a')).toMatchObject({ value: 1 });
    } finally {
      await transport.close();
    }
  });

  it('over HTTP is said to be of unknown outcome', async () => {
    const transport = new HttpTransport({ ...(await cluster.serve(node)), logger: silentLogger });
    await transport.connect();
    try {
      node.hold();
      const write = refusalOf(transport.set('a', 1, { ifAbsent: true }));
      await sentAndGivenUp();
      expect(await write).toMatchObject({ kind: 'indeterminate', status: 503 });
    } finally {
      await transport.close();
    }
  });
});
