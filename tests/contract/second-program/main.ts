// A program of its own that writes to a store while the contract suite runs on it, until its parent says stop or is gone.
import { writeOverChannel } from './channel-writer.js';
import { writeOverHttp } from './http-writer.js';
import type { Message, Program, Way } from './program.js';

const {
  DUST_BASE_URL: url = '',
  DUST_STORE: store = '',
  DUST_TOKEN: token = '',
  DUST_SECOND_ROOT: root = '',
} = process.env;

const tell = (message: Message): void => {
  if (process.connected) process.send?.(message);
};

const silent = new Set<Way>(['http', 'channel']);
const wrote = (way: Way): void => {
  if (silent.delete(way) && silent.size === 0) tell({ type: 'writing' });
};

const stop = new AbortController();
process.on('message', () => {
  stop.abort();
});
// Without its parent nobody wants it, whatever it waits for.
process.on('disconnect', () => {
  process.exit();
});
// An interrupt reaches the parent, too, which then says stop.
process.on('SIGINT', () => undefined);

async function run(): Promise<void> {
  const program: Program = { url: url.replace(/\/+$/, ''), store, token, root, wrote };
  try {
    const [http, channel] = await Promise.all([
      writeOverHttp(program, stop.signal),
      writeOverChannel(program, stop.signal),
    ]);
    tell({ type: 'stopped', http, channel });
  } catch (error) {
    stop.abort();
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  if (process.connected) process.disconnect();
}

void run();
