import { Inject, Injectable } from '@nestjs/common';
import type { EntitySubscriberInterface, InsertEvent } from '../../../src/index.js';
import { DataSource, DustEntity, EventSubscriber, Field, Slug } from '../../../src/index.js';
import { DustOrmModule } from '../../../src/nestjs/index.js';
import { closeApplications, start } from './support.js';

@DustEntity('notes')
class Note {
  @Slug({ generated: 'uuid' }) id!: string;
  @Field('string') text?: string;
}

@EventSubscriber(Note)
class OfOptions implements EntitySubscriberInterface<Note> {
  beforeInsert({ entity }: InsertEvent<Note>): void {
    entity.text = `${entity.text ?? ''} by the options`;
  }
}

@Injectable()
class Words {
  readonly last = 'and a provider';
}

@Injectable()
class OfProvider implements EntitySubscriberInterface<Note> {
  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(Words) private readonly words: Words,
  ) {
    dataSource.subscribers.push(this);
  }

  listenTo() {
    return Note;
  }

  beforeInsert({ entity }: InsertEvent<Note>): void {
    entity.text = `${entity.text ?? ''} ${this.words.last}`;
  }
}

afterEach(closeApplications);

test('subscribers come from the options, and from providers that push themselves', async () => {
  const application = await start({
    imports: [DustOrmModule.forRoot({ entities: [Note], subscribers: [OfOptions], logging: false })],
    providers: [Words, OfProvider],
  });
  const { manager } = application.get(DataSource);
  const { slugs } = await manager.insert(Note, { text: 'written' });
  expect(await manager.findOneByOrFail(Note, { id: slugs[0]! })).toMatchObject({
    text: 'written by the options and a provider',
  });
});
