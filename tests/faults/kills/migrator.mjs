// Runs migrations of a store that an older class wrote (tests/fixtures/older-store), and stands still where it is told to, until it is killed or told to go on.
// Arguments: the folder of the compiled package, options of the data source as JSON, and where it stands still: at progress of so many records, at the
// function for a record, or when the migration is about to end; null: nowhere.
import { pathToFileURL } from 'node:url';

const [compiled, options, halt] = process.argv.slice(2).map((each, i) => (i === 0 ? each : JSON.parse(each)));
const { DataSource, DustEntity, Field, Slug } = await import(pathToFileURL(`${compiled}/index.js`).href);
process.once('disconnect', () => process.exit());

class Customer {}
Slug()(Customer.prototype, 'id');
Field('string', { required: true, name: 'first_name' })(Customer.prototype, 'firstName');
Field('string', { required: true, name: 'last_name' })(Customer.prototype, 'lastName');
Field('string', { from: ['mail'] })(Customer.prototype, 'email');
Field('string', { required: true, default: 'free', applyOnRead: true })(Customer.prototype, 'plan');
Field('json')(Customer.prototype, 'home');
Field('json')(Customer.prototype, 'visits');
Field('json')(Customer.prototype, 'tags');
Field('date', { name: 'added_at' })(Customer.prototype, 'addedAt');
const upgrade = {
  2: ({ full_name, ...rest }) => {
    const [first = '', ...others] = full_name.split(' ');
    return { ...rest, first_name: first, last_name: others.join(' ') };
  },
};
DustEntity({ prefix: ['shop', 'customers'], version: 2, upgrade })(Customer);

const goOn = new Promise((resolve) => {
  process.on('message', resolve);
});

/** Says where it is, and stands still: not another word of its own, nor a write. */
function stand(at) {
  process.send({ type: 'standing', at });
  return goOn;
}

const seen = [];

class Upgrade1700000000000 {
  async up({ walk }) {
    await walk(
      Customer,
      async (customer) => {
        seen.push(customer.id);
        if (halt?.record === customer.id) await stand(customer.id);
      },
      { pageSize: 2, checkpointRecords: halt?.every ?? 2 },
    );
    if (halt?.end) await stand('end');
  }
}

const dataSource = await new DataSource({
  ...options,
  entities: [Customer],
  migrations: [Upgrade1700000000000],
  logging: false,
}).initialize();
process.send({ type: 'open' });
const outcome = await dataSource
  .runMigrations({ ttl: 1000, onWait: () => process.send({ type: 'waiting' }) })
  .then(
    (executed) => ({ type: 'done', executed: executed.map(({ name }) => name), seen }),
    ({ kind, detail, message }) => ({ type: 'failed', kind, detail, message, seen }),
  );
// Whoever hears of it may open the folder.
await dataSource.destroy();
process.send(outcome);
process.disconnect();
