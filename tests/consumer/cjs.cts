import 'reflect-metadata';
import { IsUrl, Length } from 'class-validator';
import { DataSource, DustEntity, Field, isDustError, MoreThan, Slug } from 'dust-orm';
import type { DataSourceOptions, Repository } from 'dust-orm';
import { serve } from 'dust-orm/server';
import { createTestDataSource } from 'dust-orm/testing';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug()
  slug!: string;

  @Field({ required: true })
  @Length(1, 200)
  title!: string;

  @Field({ required: true })
  @IsUrl()
  url!: string;

  @Field('integer')
  rank?: number;
}

const options: DataSourceOptions = { store: 'acme/reading', entities: [Link] };

async function main(): Promise<void> {
  const dataSource = await new DataSource(options).initialize();
  const links: Repository<Link> = dataSource.getRepository(Link);
  await links.save(links.create({ slug: 'dust', title: 'Dust', url: 'https://dustlayer.io', rank: 2 }));
  const found: Link[] = await links.find({ where: { rank: MoreThan(1) }, order: { title: 'ASC' } });
  if (found[0]?.title !== 'Dust') throw new Error('the record was not found');
  // @ts-expect-error an unknown property is refused by the compiler, and again when it runs
  const refused = await links.findBy({ nobody: 1 }).catch((error: unknown) => error);
  if (!isDustError(refused, 'invalid_criteria')) throw new Error('an unknown property was let through');
  await dataSource.destroy();

  const dust = await createTestDataSource({ entities: [Link] });
  if ((await dust.getRepository(Link).count()) !== 0) throw new Error('a test data source begins empty');
  await dust.destroy();
  const server = await serve({ port: 0, stores: ['acme/reading'] });
  const { url, token } = server;
  const remote = await new DataSource({ ...options, url, token, retry: {} }).initialize();
  await remote.getRepository(Link).insert({ slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' });
  if ((await remote.getRepository(Link).count()) !== 1) throw new Error('the server did not keep the record');
  await remote.destroy();
  await server.close();
  console.log('cjs consumer: ok');
}

void main();
