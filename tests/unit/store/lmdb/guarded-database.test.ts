import { GuardedDatabase } from '../../../../src/store/lmdb/guarded-database.js';

/** A database of which every call fails as a full disk makes it. */
function broken(): GuardedDatabase<string, string> {
  const fail = (): never => {
    throw Object.assign(new Error('No space left on device'), { code: 28 });
  };
  const database = new Proxy({}, { get: () => fail });
  return new GuardedDatabase('/data', (key) => `leaf ${key}`, database as never);
}

it.each([
  [
    'put',
    (db: GuardedDatabase<string, string>) => {
      db.put('a', 'b');
    },
  ],
  [
    'remove',
    (db: GuardedDatabase<string, string>) => {
      db.remove('a');
    },
  ],
  [
    'clear',
    (db: GuardedDatabase<string, string>) => {
      db.clear();
    },
  ],
  [
    'drop',
    (db: GuardedDatabase<string, string>) => {
      db.drop();
    },
  ],
])('what %s fails with is a fault of the storage', (_, write) => {
  expect(() => {
    write(broken());
  }).toThrow(expect.objectContaining({ kind: 'storage', detail: 'write_failed' }));
});

it.each<[string, (db: GuardedDatabase<string, string>) => unknown]>([
  ['size', (db) => db.size],
  ['get', (db) => db.get('a')],
  ['has', (db) => db.has('a')],
  ['end', (db) => db.end(false)],
  ['first', (db) => db.first({})],
  ['firstKey', (db) => db.firstKey({})],
  ['keys', (db) => db.keys({})],
  ['range', (db) => [...db.range({}, ({ key }) => key)]],
  ['count', (db) => db.count({})],
])('what %s fails with is a read that failed', (_, read) => {
  expect(() => read(broken())).toThrow(expect.objectContaining({ kind: 'storage', detail: 'read_failed' }));
});
