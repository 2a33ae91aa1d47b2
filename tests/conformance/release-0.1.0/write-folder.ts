import 'reflect-metadata';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataSource } from 'dust-orm';
import { Order, Person } from './classes.js';

/** Not part of any run: how `data.mdb.gz` and `expected.json` were made, in a project that had dust-orm 0.1.0 installed. */
async function writeFolder(out: string, scratch: string): Promise<void> {
  mkdirSync(scratch, { recursive: true });
  const dataSource = await new DataSource({ entities: [Person, Order], path: scratch }).initialize();
  const people = dataSource.getRepository(Person);
  const orders = dataSource.getRepository(Order);
  const numbers = Array.from({ length: 150 }, (_, n) => n);
  await people.insert(
    numbers.map((n) => ({
      id: n % 10 === 0 ? `p/${n} ~ü` : `p${n}`,
      name: `Person ${n}`,
      age: n % 7 === 0 ? null : n,
      height: n / 8,
      active: n % 2 === 0,
      born: new Date(Date.UTC(1950 + (n % 60), n % 12, 1 + (n % 28))),
      big: 2n ** 60n + BigInt(n),
      price: `${n}.${String(n % 100).padStart(2, '0')}`,
      key: Uint8Array.from([n % 256, 1, 2]),
      extra: { n, nested: { list: [n, null, 'x'] } },
      tags: [`tag${n % 3}`, 'all'],
      address: { city: n % 2 === 0 ? 'Rome' : 'Oslo', street: n % 3 === 0 ? null : `Street ${n}` },
    })),
  );
  await orders.insert(
    numbers.map((n) => ({
      id: `o${n}`,
      state: ['open', 'paid', 'sent'][n % 3] ?? 'open',
      at: new Date(Date.UTC(2026, 0, 1 + n)),
      total: `${n}.50`,
      lines: [{ item: `i${n}`, count: n }],
      to: { city: 'Bern' },
    })),
  );
  for (const n of [1, 2, 3, 4, 5]) await people.increment(`p${n}`, 'visits', n);
  await people.addTo('p1', 'labels', 'new');
  await people.addTo('p1', 'labels', 'old');
  await people.update('p2', { name: 'Changed', tags: null });
  await orders.update('o2', { state: 'lost' });
  await people.delete(['p11', 'p12']);
  await orders.delete('o3');
  await people.putFile('p3', 'photo', Buffer.from('a picture, nearly'), {
    filename: 'p.txt',
    contentType: 'text/plain',
  });
  await people.insert({ id: 'long', name: 'x'.repeat(5_000), extra: { deep: 'y'.repeat(9_000) } });
  const expected = {
    people: await people.find({ order: { id: 'ASC' } }),
    orders: await orders.find({ order: { id: 'ASC' } }),
  };
  await dataSource.destroy();
  const text = JSON.stringify(expected, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
  );
  writeFileSync(join(out, 'expected.json'), `${text}\n`);
  writeFileSync(join(out, 'data.mdb.gz'), gzipSync(readFileSync(join(scratch, 'data.mdb')), { level: 9 }));
}

const [out, scratch] = process.argv.slice(2);
if (out !== undefined && scratch !== undefined) await writeFolder(out, scratch);
