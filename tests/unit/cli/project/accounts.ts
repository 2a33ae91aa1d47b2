import type { DataSourceOptions } from 'dust-orm';
import { DustEntity, Field, Slug, Unique } from 'dust-orm';

@DustEntity('accounts')
class Account {
  @Slug() id!: string;
  @Field('string') @Unique() email?: string;
}

const options: DataSourceOptions = { store: 'acme/reading', entities: [Account] };

export default options;
