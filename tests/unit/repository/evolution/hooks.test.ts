import {
  AfterUpdate,
  BeforeUpdate,
  DataSource,
  DustEntity,
  Field,
  silentLogger,
  Slug,
} from '../../../../src/index.js';

@DustEntity('tasks')
class Task {
  @Slug() id!: string;
  @Field('string', { from: ['name'] }) title?: string;
  @Field('string') seen?: string;

  @BeforeUpdate()
  look(): void {
    this.seen = `saw ${String(this.title)}`;
  }
}

it('bringing a record up to date is an update, which hooks are told of', async () => {
  const source = await new DataSource({ entities: [Task], logger: silentLogger }).initialize();
  const tasks = source.getRepository(Task);
  await source.transport.set('tasks/a', { name: 'A' });
  const task = await tasks.findOneByOrFail({ id: 'a' });
  await tasks.save(task);
  expect((await source.transport.get('tasks/a'))?.value).toEqual({ title: 'A', seen: 'saw A' });
  await source.transport.set('tasks/a/seen', 'nothing');
  await tasks.save(task);
  expect((await source.transport.get('tasks/a'))?.value).toEqual({ title: 'A', seen: 'nothing' });
  await source.destroy();
});

@DustEntity('listened')
class Listened {
  @Slug() id!: string;
  @Field('string', { from: ['name'] }) title?: string;
  readonly called: string[] = [];

  @BeforeUpdate() before(): void {
    this.called.push('before');
  }
  @AfterUpdate() after(): void {
    this.called.push('after');
  }
}

it('bringing a record up to date is followed by hooks, also where they change nothing', async () => {
  const source = await new DataSource({ entities: [Listened], logger: silentLogger }).initialize();
  const listened = source.getRepository(Listened);
  await source.transport.set('listened/a', { name: 'A' });
  const entity = await listened.findOneByOrFail({ id: 'a' });
  await listened.save(entity);
  expect(entity.called).toEqual(['before', 'after']);
  await listened.save(entity);
  expect(entity.called).toEqual(['before', 'after']);
  await source.destroy();
});
