'use strict';
// No compiler, no decorators: what `node plain.cjs` runs as it stands.
const { DataSource, defineEntity, field, slug } = require('dust-orm');

const Link = defineEntity('links', { slug: slug(), title: field('string', { required: true }) });

async function main() {
  const dataSource = await new DataSource({ store: 'acme/reading', entities: [Link] }).initialize();
  const links = dataSource.getRepository(Link);
  await links.insert({ slug: 'dust', title: 'Dust' });
  if ((await links.findOneByOrFail({ slug: 'dust' })).title !== 'Dust')
    throw new Error('the record reads otherwise');
  await dataSource.destroy();
  console.log('plain cjs consumer: ok');
}

void main();
