// One client in a process of its own, so that its memory is its own.
// `node catch-up-client.js <url> <serialization> [<cache>]` catches up; `fill <leaves>` makes the same mirror without a server.
// Prints what it took as JSON.
import process, { argv } from 'node:process';
import { createMemoryStorage } from '../../src/store/index.js';
import { leafNumber } from '../stub/leaves.js';
import { connect } from './connect.js';
import type { Serialization } from './connect.js';
import type { ClientReport } from './while-catching-up.js';

const [, , first, second, third] = argv;
const report: ClientReport =
  first === 'fill' ? fill(Number(second)) : await catchUp(first!, second as Serialization, third);
console.log(JSON.stringify(report));

async function catchUp(url: string, serialization: Serialization, cache?: string): Promise<ClientReport> {
  const started = performance.now();
  const dataSource = await connect(url, serialization, cache);
  const milliseconds = performance.now() - started;
  const { storeSeq } = await dataSource.transport.status();
  const heap = heapInUse();
  await dataSource.destroy();
  return { milliseconds, storeSeq, heap, peak: peak() };
}

function fill(leaves: number): ClientReport {
  const started = performance.now();
  const storage = createMemoryStorage();
  for (let n = 0; n < leaves; n++) {
    const { path, value } = leafNumber(n);
    const type = typeof value === 'number' ? 'integer' : typeof value === 'boolean' ? 'boolean' : 'string';
    storage.leaves.put({ path, value, type, revision: n + 1 });
  }
  const milliseconds = performance.now() - started;
  const heap = heapInUse();
  return {
    milliseconds,
    storeSeq: storage.leaves.get(leafNumber(leaves - 1).path)!.revision,
    heap,
    peak: peak(),
  };
}

function heapInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}
