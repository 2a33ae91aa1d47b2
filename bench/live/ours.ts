import { DataSource, DustEntity, Field, Index, Slug } from 'dust-orm';
import type { LiveRecord, LiveRival } from './rival.js';
import { turn } from './rival.js';

@DustEntity('live')
class Item implements LiveRecord {
  @Slug() id!: string;
  @Field('string', { required: true }) title!: string;
  @Field('string', { required: true }) @Index() customer!: string;
}

/** Ours. */
export async function openOurs(): Promise<LiveRival> {
  const dataSource = await new DataSource({
    entities: [Item],
    logging: false,
    validation: false,
  }).initialize();
  const items = dataSource.getRepository(Item);
  return {
    name: 'dust-orm',
    insertMany: async (records) => {
      await items.insertMany(records.map((record) => Object.assign(new Item(), record)));
    },
    rename: async (id, title) => {
      await items.update(id, { title });
      await turn();
    },
    watch: (customer) =>
      new Promise((resolve, reject) => {
        const subscription = items.live({ where: { customer } }).subscribe({
          next: ({ length }) => {
            resolve({
              length,
              stop: () => {
                subscription.unsubscribe();
              },
            });
          },
          error: reject,
        });
      }),
    close: () => dataSource.destroy(),
  };
}
