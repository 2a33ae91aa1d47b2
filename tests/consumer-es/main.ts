import { DataSource } from 'dust-orm';
import { Address, Link } from './entities.js';

const dataSource = await new DataSource({ store: 'acme/reading', entities: [Link] }).initialize();
const links = dataSource.getRepository(Link);
await links.insert({
  slug: 'dust',
  title: 'Dust',
  addedAt: new Date(0),
  state: 'open',
  address: Object.assign(new Address(), { city: 'Oslo' }),
});
await links.increment('dust', 'likes', 2);
const [found] = await links.find({ where: { state: 'open', address: { city: 'Oslo' } } });
if (found?.likes !== 2 || !(found.address instanceof Address) || found.addedAt?.getTime() !== 0) {
  throw new Error('the record reads otherwise');
}
await dataSource.destroy();
console.log('standard decorators, esm: ok');
