// The server of NATS, for tests of a cluster.
import { ensureProgram } from './ensure-program.mjs';

ensureProgram({
  name: 'nats',
  variable: 'NATS_SERVER',
  names: ['nats-server'],
  places: ['/usr/sbin/nats-server'],
  packageName: 'nats-server',
  byHand: 'Install the NATS server, or set NATS_SERVER to its program.',
});
