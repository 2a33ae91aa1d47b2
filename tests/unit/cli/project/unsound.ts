import { DustEntity, Field, Slug } from 'dust-orm';

@DustEntity('slugless')
class Slugless {
  @Field() text!: string;
}

@DustEntity('outer')
class Outer {
  @Slug() id!: string;
  @Field() text!: string;
}

@DustEntity({ prefix: ['outer', 'inner'] })
class Inner extends Outer {}

@DustEntity('_dust')
class Reserved {
  @Slug() id!: string;
  @Field() text!: string;
}

export const options = { path: './unused', entities: [Slugless, Outer, Inner, Reserved] };
