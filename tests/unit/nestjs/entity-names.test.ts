import { EventEmitter } from 'node:events';
import { Module } from '@nestjs/common';
import type { EntityOptions, Repository } from '../../../src/index.js';
import { DustEntity, EntityNotFoundError, Field, Slug } from '../../../src/index.js';
import { DustOrmModule, getRepositoryToken } from '../../../src/nestjs/index.js';
import { RecordingLogger, closeApplications, start } from './support.js';

/** What a minifier makes of a class. */
function minified(options: EntityOptions) {
  const made = class t {
    slug!: string;
    title?: string;
  };
  Slug()(made.prototype, 'slug');
  Field('string')(made.prototype, 'title');
  DustEntity(options)(made);
  return made;
}

const bus = new EventEmitter();

@Module({ providers: [{ provide: 'BUS', useValue: bus }], exports: ['BUS'] })
class BusModule {}

async function application(entity: ReturnType<typeof minified>) {
  const logger = new RecordingLogger();
  const started = await start(
    {
      imports: [
        DustOrmModule.forRoot({ autoLoadEntities: true }),
        DustOrmModule.forFeature([entity]),
        DustOrmModule.forEvents(entity, { bus: 'BUS', imports: [BusModule] }),
      ],
    },
    { logger },
  );
  const records: Repository<{ slug: string; title?: string }> = started.get(getRepositoryToken(entity), {
    strict: false,
  });
  return { logger, records };
}

afterEach(async () => {
  bus.removeAllListeners();
  await closeApplications();
});

it('an entity with a name is called so in events, tokens and messages, whatever its class is called', async () => {
  const Link = minified({ prefix: 'links', name: 'ShortLink' });
  expect(getRepositoryToken(Link)).toBe('ShortLinkRepository');
  const { logger, records } = await application(Link);
  const heard: unknown[] = [];
  bus.on('shortLink.upserted', ({ slug }: { slug: string }) => heard.push(slug));
  await records.insert({ slug: 'a', title: 'A' });
  expect(heard).toEqual(['a']);
  expect(records.metadata.name).toBe('ShortLink');
  const missing: unknown = await records.findOneByOrFail({ slug: 'b' }).catch((error: unknown) => error);
  expect(missing).toMatchObject({ entityName: 'ShortLink', entityClass: Link });
  expect(String(missing)).toContain('No ShortLink matches');
  expect(missing).toBeInstanceOf(EntityNotFoundError);
  await expect(records.insert(Object.assign(new Link(), { title: 1 }))).rejects.toThrow(/ShortLink/);
  expect(logger.lines.join()).not.toContain('minifier');
});

it('one without is warned of where its events are called after a class that seems to be minified', async () => {
  const { logger } = await application(minified({ prefix: 'links' }));
  expect(logger.lines).toContainEqual(expect.stringMatching(/warn \[DustOrm:events\].*"t".*name: 'Link'/));
});
