import type { InsertEvent } from '../../../src/index.js';
import { DataSource, DustEntity, Field, Slug } from '../../../src/index.js';

@DustEntity('posts')
class Post {
  @Slug() id!: string;
  @Field('string') title?: string;
}

class Heard {
  readonly slugs: (string | undefined)[] = [];

  afterInsert({ entityId }: InsertEvent): void {
    this.slugs.push(entityId);
  }
}

let dataSource: DataSource;

beforeEach(async () => {
  dataSource = await new DataSource({ entities: [Post] }).initialize();
});

afterEach(() => dataSource.destroy());

it('what is pushed is told of writes, and can be taken out', async () => {
  const heard = new Heard();
  dataSource.subscribers.push(heard);
  await dataSource.manager.insert(Post, { id: 'a', title: 't' });
  expect(heard.slugs).toEqual(['a']);
  expect(dataSource.subscribers).toEqual([heard]);
  dataSource.subscribers.splice(dataSource.subscribers.indexOf(heard), 1);
  await dataSource.manager.insert(Post, { id: 'b', title: 't' });
  expect(heard.slugs).toEqual(['a']);
  expect(dataSource.subscribers).toHaveLength(0);
});

it('a class that is pushed is made', async () => {
  dataSource.subscribers.push(Heard as never);
  await dataSource.manager.insert(Post, { id: 'a', title: 't' });
  expect(dataSource.subscribers).toEqual([expect.objectContaining({ slugs: ['a'] })]);
});

it.each<[string, unknown, string]>([
  ['null', null, 'subscribers[0] must be a class or an instance'],
  ['a name of files', './subscribers/*.ts', 'subscribers[0] must be a class or an instance'],
  ['an object that listens to nothing', {}, 'has none of the methods'],
  [
    'one that listens to transactions',
    { afterInsert: () => 0, beforeTransactionStart: () => 0 },
    'no events',
  ],
])('%s is refused where it is pushed, and nobody else is disturbed', async (_, odd, message) => {
  const refused = expect.objectContaining({
    kind: 'invalid_options',
    message: expect.stringContaining(message) as unknown,
  });
  expect(() => dataSource.subscribers.push(odd as never)).toThrow(refused);
  expect(() => (dataSource.subscribers[0] = odd as never)).toThrow(refused);
  await dataSource.manager.insert(Post, { id: 'a', title: 't' });
  expect(dataSource.subscribers).toHaveLength(0);
});
