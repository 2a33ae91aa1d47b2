import { DataSource } from 'dust-orm';
import { Link, linkNumber } from './link.js';
import { JsonClient } from './load/json-client.js';
import { whileServed } from './load/served-store.js';
import type { Group, Row } from './measure.js';
import { compare, rateRow, ratioRow } from './measure.js';

const STORE = 'bench/http';
const TOKEN = 'dust_tok_bench_http_transport';
const RECORDS = 1000;
const CALLS = 500;

export const httpTransport: Group = {
  name: 'http: a repository on a served store in memory, one call after the other, against bare node:http',
  run() {
    return whileServed({ store: STORE, token: TOKEN }, readAndWrite);
  },
};

async function readAndWrite({ url }: { url: string }): Promise<Row[]> {
  const dataSource = await new DataSource({
    url,
    token: TOKEN,
    store: STORE,
    transport: 'http',
    entities: [Link],
  }).initialize();
  const links = dataSource.getRepository(Link);
  const records = Array.from({ length: RECORDS }, (_, n) => linkNumber(n));
  await links.insertMany(records);
  const bare = new JsonClient(url, STORE, TOKEN, 1);
  const recordAt = (call: number): Link => records[call % RECORDS]!;

  const [read, bareRead] = await compare(CALLS, [
    (call) => links.findOneBy({ slug: recordAt(call).slug }),
    (call) => bare.send('GET', `/entries/bench/links/${recordAt(call).slug}`),
  ]);
  const [write, bareWrite] = await compare(CALLS, [
    (call) => links.insert(recordAt(call)),
    (call) => bare.send('POST', '/entries/batch_write', { ops: operations(recordAt(call)) }),
  ]);

  bare.close();
  await dataSource.destroy();
  return [
    rateRow('findOneBy({ slug })', 1e9 / read!),
    ratioRow('time of findOneBy / of a bare GET', read! / bareRead!),
    rateRow('insert', 1e9 / write!),
    ratioRow('time of insert / of a bare batch of the same leaves', write! / bareWrite!),
  ];
}

/** What a flat record is on the wire. */
function operations({ slug, addedAt, ...fields }: Link): { op: string; path: string; value: unknown }[] {
  return Object.entries({ ...fields, addedAt: addedAt?.toISOString() }).map(([field, value]) => ({
    op: 'set',
    path: `bench/links/${slug}/${field}`,
    value,
  }));
}
