import dust = require('dust-orm');
import zod = require('zod');

const { DataSource, defineEntity, field, isDustError, slug } = dust;

const Link = defineEntity('links', {
  slug: slug(),
  title: field('string', { required: true }),
  url: field('string', { schema: zod.z.url() }),
});

async function main(): Promise<void> {
  const dataSource = await new DataSource({ store: 'acme/reading', entities: [Link] }).initialize();
  const links = dataSource.getRepository(Link);
  await links.insert({ slug: 'a', title: 'T', url: 'https://dustlayer.io' });
  const refused: unknown = await links.insert({ slug: 'b', url: 'x' }).catch((error: unknown) => error);
  if (!isDustError(refused, 'validation') || !/title is required[^]*Invalid URL/.test(refused.message)) {
    throw new Error('an invalid record was let through', { cause: refused });
  }
  await dataSource.destroy();
  const strict = new DataSource({ entities: [Link], validation: { whitelist: true } });
  const missing: unknown = await strict.initialize().catch((error: unknown) => error);
  if (!isDustError(missing, 'invalid_options')) throw new Error('what is missing was not named');
  console.log('schemas alone, cjs: ok');
}

void main();
