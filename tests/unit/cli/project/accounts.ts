import type { DataSourceOptions } from 'dust-orm';
import { DustEntity, Field, Slug, Unique } from 'dust-orm';

@DustEntity('accounts')
class Account {
  @Slug() id!: string;
  @Field() @Unique() email?: string;
}

const options: DataSourceOptions = {
  store: 'acme/reading',
  url: process.env.DUST_BASE_URL ?? 'http://127.0.0.1:1',
  token: process.env.DUST_TOKEN ?? 'dust_tok_0123456789abcdef',
  entities: [Account],
};

export default options;
