import { firstValueFrom } from 'rxjs';
import { DataSource, DeletedAtField, DustEntity, Field, Slug } from '../../../src/index.js';

@DustEntity('tasks')
class Task {
  @Slug() id!: string;
  @Field('string', { required: true }) title!: string;
  @DeletedAtField() deletedAt!: Date | null;
}

it('events tell once that a record comes to be left out, and of the end of one that was no entity', async () => {
  const dataSource = await new DataSource({ entities: [Task], logging: false }).initialize();
  const { transport } = dataSource;
  const tasks = dataSource.getRepository(Task);
  const seen: string[] = [];
  const subscription = tasks.events().subscribe(({ type, slug }) => seen.push(`${type} ${slug}`));
  await tasks.insert({ id: 'a', title: 'A' });
  await tasks.softDelete('a');
  await tasks.delete('a');
  await transport.set('tasks/half/note', 'without a title');
  await transport.delete('tasks/half');
  await transport.set('tasks/born', { title: 'B', deletedAt: '2030-01-01T00:00:00.000Z' });
  expect(seen).toEqual(['upserted a', 'deleted a', 'deleted half']);
  subscription.unsubscribe();
  await dataSource.destroy();
});

it.each([{ where: { title: 'A' } }, { withDeleted: 'yes' }, { scopes: true }, null])(
  'events with %j are refused',
  async (options) => {
    const dataSource = await new DataSource({ entities: [Task], logging: false }).initialize();
    const first = firstValueFrom(dataSource.getRepository(Task).events(options as object)).catch(
      (error: unknown) => error,
    );
    await dataSource.destroy();
    expect(await first).toMatchObject({ name: 'DustError', kind: 'invalid_options' });
  },
);
