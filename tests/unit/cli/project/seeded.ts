import { DataSource } from 'dust-orm';
import { Author } from './entities/author.js';
import { Link } from './entities/link.js';

const dataSource = new DataSource({ path: './seeded', namingStrategy: 'snake_case', entities: [Link] });
await dataSource.initialize();
const links = dataSource.getRepository(Link);
const author = Object.assign(new Author(), { name: 'Ada' });
await links.insert({
  slug: 'dust',
  title: 'Dust',
  url: 'https://dustlayer.io',
  addedAt: new Date('2026-01-02'),
  author,
});
await dataSource.destroy();

export { dataSource };
