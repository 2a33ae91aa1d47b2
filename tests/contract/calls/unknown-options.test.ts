import type { TransportCapabilities } from '../../../src/transport/transport.js';
import type { Unknown } from '../../unit/options/rows.js';
import { TRANSPORT_REQUESTS } from '../../unit/options/rows.js';
import { describeContract } from '../describe-contract.js';

/** What a transport needs for a request that not all of them make. */
const NEEDS: Readonly<Record<string, keyof TransportCapabilities>> = {
  merge: 'merge',
  increment: 'counters',
  add: 'counters',
  remove: 'counters',
  batchWrite: 'atomicBatch',
  lease: 'leases',
  renew: 'leases',
  release: 'leases',
  putFile: 'files',
};

describeContract('options that a request does not take', (context) => {
  for (const [request, make] of Object.entries(TRANSPORT_REQUESTS)) {
    const test = async (): Promise<void> => {
      const transport = await context.otherWriter();
      await expect(make({ unknownOption: 1 } as Unknown, transport)).rejects.toMatchObject({
        kind: 'invalid_options',
        message: expect.stringContaining(`transport.${request} has no option "unknownOption"`),
      });
    };
    const title = `${request} refuses them, and does nothing`;
    const need = NEEDS[request];
    if (need === undefined) it(title, test);
    else context.itWith(need, title, test);
  }
});
