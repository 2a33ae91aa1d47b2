// Run in a folder where the packed package is installed: `node clients.mjs <url> <token> <store> <count> <port>`. Opens so many clients of the
// channel, each of which writes until it is told to stop, and a service on `port` that streams a live list of what they wrote. Talks in lines of JSON:
// it says `ready`, takes `stop`, and answers with what came of it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { DataSource, defineEntity, field, silentLogger, slug } from 'dust-orm';
import { liveListRoute } from 'dust-orm/express';

const [url, token, store, count, port] = process.argv.slice(2);
const Note = defineEntity('notes', { id: slug(), by: field('integer'), number: field('integer') });

/** Milliseconds between two writes of a client. */
const PACE = 200;

let isStopping = false;
const failures = [];

async function work(by) {
  const source = await new DataSource({
    url,
    token,
    store,
    entities: [Note],
    logger: silentLogger,
    deviceId: `client-${by}`,
  }).initialize();
  const notes = source.getRepository(Note);
  const written = (async () => {
    const acknowledged = [];
    for (let number = 0; !isStopping; number++) {
      const id = `${by}-${number}`;
      try {
        await notes.insert({ id, by, number });
        acknowledged.push(id);
      } catch (error) {
        failures.push(`${error.kind}: ${error.message}`);
      }
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    return acknowledged;
  })();
  return { source, notes, written };
}

const clients = await Promise.all(Array.from({ length: Number(count) }, (_, by) => work(by)));
const live = liveListRoute(clients[0].notes, { find: { order: { id: 'ASC' } }, map: ({ id }) => id });
const service = createServer((request, response) => {
  live(request, response, () => response.writeHead(500).end());
}).listen(Number(port), '127.0.0.1');
await once(service, 'listening');
console.log(JSON.stringify({ ready: true }));

for await (const line of createInterface({ input: process.stdin })) if (line === 'stop') break;
isStopping = true;
const acknowledged = (await Promise.all(clients.map(({ written }) => written))).flat();
// Whoever was cut off comes back, and has what others wrote meanwhile.
const end = Date.now() + 60_000;
let missing = [];
for (const { notes } of clients) {
  do {
    const seen = new Set((await notes.find()).map(({ id }) => id));
    missing = acknowledged.filter((id) => !seen.has(id));
    if (missing.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  } while (missing.length > 0 && Date.now() < end);
  if (missing.length > 0) break;
}
live.close();
service.closeAllConnections();
service.close();
for (const { source } of clients) await source.destroy();
console.log(JSON.stringify({ acknowledged: acknowledged.length, missing, failures }));
process.exit();
