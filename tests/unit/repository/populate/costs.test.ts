import { DataSource, HttpTransport } from '../../../../src/index.js';
import { silentLogger } from '../../../../src/logging.js';
import { RecordReader } from '../../../../src/query/index.js';
import { openTestServer } from '../../../../src/testing/test-server.js';
import { systemClock } from '../../../../src/clock.js';
import { createHttpClient } from '../../../../src/transport/http/create-http-client.js';
import { Company, Customer, fillShop, Order, SHOP } from './shop.js';

const RECORDS = 1000;
const PAGE = 1000;

describe('populate over 1,000 records', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('reads each class once for each level', async () => {
    const dataSource = await new DataSource({ entities: SHOP, logging: false }).initialize();
    await fillShop(dataSource.manager, RECORDS);
    const reads = jest.spyOn(RecordReader.prototype, 'getMany');
    const found = await dataSource.manager.find(Order, {
      populate: ['customer.company', 'payer.company'],
    });
    expect(found.map(({ customer }) => customer?.company?.name).filter(Boolean)).toHaveLength(RECORDS);
    expect(found.map(({ payer }) => payer?.company?.name).filter(Boolean)).toHaveLength(RECORDS);
    expect(reads.mock.calls.map(([slugs]) => slugs.length)).toEqual([RECORDS, RECORDS / 10]);
    reads.mockClear();
    await dataSource.manager.find(Order, { populate: ['customer.company.country'], take: 10 });
    expect(reads.mock.calls.map(([slugs]) => slugs.length)).toEqual([10, 10, 1]);
    reads.mockClear();
    const streamed = [];
    for await (const order of dataSource.manager.stream(Order, { populate: ['customer'] })) {
      streamed.push(order);
    }
    expect(streamed.filter(({ customer }) => customer instanceof Customer)).toHaveLength(RECORDS);
    expect(reads.mock.calls.map(([slugs]) => slugs.length)).toEqual([200, 200, 200, 200, 200]);
    await dataSource.destroy();
  });

  it('reads nothing where nothing is named', async () => {
    const dataSource = await new DataSource({ entities: SHOP, logging: false }).initialize();
    await dataSource.manager.insert(Order, { id: 'a', total: 1 });
    const reads = jest.spyOn(RecordReader.prototype, 'getMany');
    const [order] = await dataSource.manager.find(Order, { populate: ['customer.company'] });
    expect([order?.customer, reads.mock.calls]).toEqual([null, []]);
    await dataSource.destroy();
  });

  it('takes as many requests over HTTP as there are pages', async () => {
    const server = await openTestServer({
      name: 'acme/shop',
      clock: systemClock,
      logger: silentLogger,
      imitate: undefined,
    });
    let requests = 0;
    const { url, token } = server;
    const dataSource = await new DataSource({
      entities: SHOP,
      store: 'acme/shop',
      logging: false,
      transport: (options) => {
        const client = createHttpClient({ url, token, store: 'acme/shop' });
        return new HttpTransport(
          { ...options, url, token },
          {
            send: (request) => {
              requests++;
              return client.send(request);
            },
            close: () => client.close(),
          },
        );
      },
    }).initialize();
    await fillShop(dataSource.manager, RECORDS);
    const counted = async (work: () => Promise<unknown>): Promise<number> => {
      const before = requests;
      await work();
      return requests - before;
    };
    const leaves = (records: number, fields: number): number => Math.ceil((records * fields) / PAGE);
    const plain = await counted(() => dataSource.manager.find(Order));
    const found = await counted(async () => {
      const orders = await dataSource.manager.find(Order, { populate: ['customer.company', 'payer'] });
      expect(orders.filter(({ customer }) => customer?.company instanceof Company)).toHaveLength(RECORDS);
    });
    // A page more may be begun where a record is cut.
    expect(found - plain).toBeLessThanOrEqual(leaves(RECORDS, 2) + leaves(RECORDS / 10, 2) + 2);
    await dataSource.destroy();
    await server.close();
  });
});
