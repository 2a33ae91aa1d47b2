import { DataSource } from '../../../../src/index.js';
import { Customer, SHOP } from './shop.js';

it.each([{ withDeleted: 'yes' }, { withDeleted: null }, { unscoped: 1 }, { scope: 7 }, { scope: 'nobody' }])(
  'getMany refuses %j, also where it is asked for nothing',
  async (options) => {
    const dataSource = await new DataSource({ entities: SHOP, logging: false }).initialize();
    const customers = dataSource.getRepository(Customer);
    for (const slugs of [['a'], []]) {
      await expect(customers.getMany(slugs, options as never)).rejects.toMatchObject({
        kind: 'invalid_options',
        message: expect.stringContaining(Object.keys(options)[0]!),
      });
    }
    await dataSource.destroy();
  },
);
