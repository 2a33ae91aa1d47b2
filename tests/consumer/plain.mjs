// No compiler, no decorators: what `node plain.mjs` runs as it stands.
import {
  counterField,
  DataSource,
  defineEntity,
  defineNested,
  field,
  nested,
  setField,
  slug,
} from 'dust-orm';

const Address = defineNested({ city: field('string', { required: true }) });

class Link extends defineEntity('links', {
  slug: slug(),
  title: field('string', { required: true }),
  likes: counterField(),
  tags: setField('string'),
  address: nested(() => Address),
}) {
  get label() {
    return `${this.title} (${this.likes})`;
  }
}

const dataSource = await new DataSource({ store: 'acme/reading', entities: [Link] }).initialize();
const links = dataSource.getRepository(Link);
await links.insert({ slug: 'dust', title: 'Dust', address: Object.assign(new Address(), { city: 'Oslo' }) });
await links.increment('dust', 'likes', 2);
const found = await links.findOneByOrFail({ slug: 'dust' });
if (found.label !== 'Dust (2)' || found.address?.city !== 'Oslo')
  throw new Error('the record reads otherwise');
await dataSource.destroy();
console.log('plain esm consumer: ok');
