import { DataSource } from 'dust-orm';
import { DustEntity, Field, Slug } from 'dust-orm/es';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string', { required: true }) text!: string;
}

async function main(): Promise<void> {
  const dataSource = await new DataSource({ store: 'acme/reading', entities: [Note] }).initialize();
  const notes = dataSource.getRepository(Note);
  await notes.insert({ id: 'a', text: 'note' });
  if ((await notes.findOneByOrFail({ id: 'a' })).text !== 'note')
    throw new Error('the record reads otherwise');
  await dataSource.destroy();
  console.log('standard decorators, cjs: ok');
}

void main();
