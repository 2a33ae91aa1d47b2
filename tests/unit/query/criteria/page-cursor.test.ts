import type { FindPageOptions, Repository } from '../../../../src/index.js';
import { DataSource, DustEntity, Field, Index, Slug } from '../../../../src/index.js';

@DustEntity('values')
class Value {
  @Slug() id!: string;
  @Index() @Field('string') text?: string;
  @Index() @Field('float') number?: number | null;
  @Index() @Field('boolean') flag?: boolean;
  @Index() @Field('bigint') big?: bigint;
  @Index() @Field('date') at?: Date;
  @Index() @Field('decimal') price?: string;
  @Index() @Field('bytes') raw?: Uint8Array;
  @Field({ type: 'enum', enum: ['a', 'b'] }) letter?: 'a' | 'b';
}

let dataSource: DataSource;
let values: Repository<Value>;

beforeAll(async () => {
  dataSource = await new DataSource({ entities: [Value], logging: false }).initialize();
  values = dataSource.getRepository(Value);
  await values.insert(
    [0, 1, 2, 3].map((n) => ({
      id: `v${n}`,
      text: `t${n}`,
      number: n,
      flag: n > 1,
      big: BigInt(n),
      at: new Date(n),
      price: `${n}.50`,
      raw: Uint8Array.of(n),
      letter: n > 1 ? ('b' as const) : ('a' as const),
    })),
  );
});
afterAll(() => dataSource.destroy());

const WRONG: readonly unknown[] = [true, 'no', 5, ['x'], { n: 'x' }, { b: '*' }, {}];
const RIGHT: Readonly<Partial<Record<keyof Value, readonly unknown[]>>> = {
  text: ['no'],
  number: [5],
  flag: [true],
  big: [],
  at: [5],
  price: [],
  raw: [],
  letter: ['no', 5],
  id: ['no'],
};

describe('the cursor of a page', () => {
  it.each(Object.entries(RIGHT))('with a value that is none of %s is refused', async (property, right) => {
    const options: FindPageOptions<Value> = { order: { [property]: 'ASC' }, take: 1 };
    const { cursor } = await values.findPage(options);
    const [fingerprint, slug, value] = JSON.parse(Buffer.from(cursor!, 'base64url').toString()) as unknown[];
    const withValue = (other: unknown): string =>
      Buffer.from(JSON.stringify([fingerprint, slug, other])).toString('base64url');
    expect((await values.findPage({ ...options, after: withValue(value) })).items).toHaveLength(1);
    expect(await values.findPage({ ...options, after: withValue(null) })).toMatchObject({ hasMore: false });
    for (const other of WRONG) {
      const page = values.findPage({ ...options, after: withValue(other) });
      if (right.includes(other)) await expect(page).resolves.toBeDefined();
      else await expect(page).rejects.toMatchObject({ kind: 'invalid_options', detail: 'invalid_cursor' });
    }
  });
});
