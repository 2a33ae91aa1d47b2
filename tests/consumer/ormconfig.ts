import { DustEntity, Field, Slug } from 'dust-orm';
import type { DataSourceOptions } from 'dust-orm';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug()
  slug!: string;

  @Field({ required: true })
  title!: string;
}

const options: DataSourceOptions = { entities: [Link], path: './reading' };

export default options;
