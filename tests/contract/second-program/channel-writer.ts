import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../../src/logging.js';
import { EngineRegistry, createChannelTransport } from '../../../src/transport/channel/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import type { Program } from './program.js';
import { PACE } from './program.js';

const KEYS = 50;

/**
 * Writes to the store over the channel, one write after the other until `stop`: values, records, a counter, a set.
 * Resolves to the number of writes the server acknowledged.
 *
 * @throws Error when a write fails, or when the counter does not hold the sum of what was acknowledged
 */
export async function writeOverChannel(program: Program, stop: AbortSignal): Promise<number> {
  const { url, store, token } = program;
  const destination = { url, store, token, logger: silentLogger, retry: {} };
  const root = `${program.root}/channel`;
  const channel = createChannelTransport({ ...destination, prefixes: [root] }, new EngineRegistry());
  await channel.connect();
  try {
    let written = 0;
    let sum = 0;
    for (; !stop.aborted; written++) {
      sum += await write(channel, root, written);
      program.wrote('channel');
      await sleep(PACE);
    }
    await checkSum(new HttpTransport(destination), `${root}/sum`, sum);
    return written;
  } finally {
    await channel.close();
  }
}

/** Resolves to what the write added to the sum. */
async function write(channel: Transport, root: string, number: number): Promise<number> {
  const key = `${root}/k${number % KEYS}`;
  switch (number % 5) {
    case 0:
      await channel.set(key, { number, text: 'over the channel' });
      return 0;
    case 1:
      await channel.merge(key, { number });
      return 0;
    case 2:
      await channel.increment(`${root}/sum`, number);
      return number;
    case 3:
      await channel.add(`${root}/members`, `m${number % KEYS}`);
      return 0;
    default:
      await channel.delete(key);
      return 0;
  }
}

async function checkSum(http: Transport, path: string, expected: number): Promise<void> {
  await http.connect();
  try {
    const found = (await http.get(path))?.value ?? 0;
    if (found !== expected) {
      throw new Error(`${path} is ${JSON.stringify(found)} and should be ${expected}.`);
    }
  } finally {
    await http.close();
  }
}
