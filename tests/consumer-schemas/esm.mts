// A project with neither class-validator nor class-transformer, whose declarations are checked too: there `errors` and `validation` have types.
import { DataSource, defineEntity, defineNested, EntityValidationError, field, nested, slug } from 'dust-orm';
import type { DataSourceOptions, PropertyError, StandardSchema } from 'dust-orm';
import { DustEntity, Field, Slug } from 'dust-orm/es';
import { z } from 'zod';

const url: StandardSchema = z.url();
const Author = defineNested({ name: field('string', { schema: z.string().min(2) }) });

class Link extends defineEntity(
  'links',
  {
    slug: slug(),
    title: field('string', { required: true }),
    url: field('string', { schema: url }),
    author: nested(() => Author),
  },
  { schema: z.object({ title: z.string(), url: z.string() }).refine((link) => link.title !== link.url) },
) {}

@DustEntity('tags')
class Tag {
  @Slug() id!: string;
  @Field('string', { schema: z.string().max(3) }) name!: string;
}

for (const name of ['class-validator', 'class-transformer']) {
  const found = await import(name).then(
    () => true,
    () => false,
  );
  if (found) throw new Error(`${name} is there, so that nothing is shown here`);
}

const options: DataSourceOptions = { store: 'acme/reading', entities: [Link, Tag], validation: {} };
const dataSource = await new DataSource(options).initialize();
const links = dataSource.getRepository(Link);
await links.insert({ slug: 'a', title: 'T', url: 'https://dustlayer.io' });

const paths = ({ property, children = [] }: PropertyError): string[] =>
  children.length === 0
    ? [property]
    : children.flatMap((child) => paths(child).map((path) => `${property}.${path}`));

const refused = await links
  .insert({ slug: 'b', title: 'T', url: 'x', author: { name: 'A' } })
  .catch((error: unknown) => error);
if (!(refused instanceof EntityValidationError)) throw new Error('an invalid record was let through');
if (refused.errors.flatMap(paths).join() !== 'url,author.name') throw new Error(refused.message);
const lacking = await links.insert({ slug: 'b' }).catch((error: unknown) => error);
if (!(lacking instanceof EntityValidationError)) throw new Error('a required field was let go');
const tagged = await dataSource
  .getRepository(Tag)
  .insert({ id: 'a', name: 'long' })
  .catch((error: unknown) => error);
if (!(tagged instanceof EntityValidationError)) throw new Error('an invalid tag was let through');
await dataSource.destroy();

class Plain {
  city?: string;
}
const Home = defineEntity('homes', { id: slug(), at: nested(() => Plain) });
for (const wrong of [{ entities: [Home] }, { entities: [Link], validation: { whitelist: true } }]) {
  const missing: unknown = await new DataSource(wrong).initialize().catch((error: unknown) => error);
  if (!(missing instanceof Error) || !missing.message.includes('npm install class-')) {
    throw new Error('what is missing was not named', { cause: missing });
  }
}
console.log('schemas alone, esm: ok');
