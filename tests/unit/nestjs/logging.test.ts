import { DataSource } from '../../../src/index.js';
import { DustOrmModule, nestLogger } from '../../../src/nestjs/index.js';
import { Link, RecordingLogger, closeApplications, start } from './support.js';

afterEach(closeApplications);

describe("the application's logger", () => {
  it('hears a data source by its name, from the level of logging on', async () => {
    const logger = new RecordingLogger();
    await start(
      {
        imports: [
          DustOrmModule.forRoot({ store: 'acme/a', entities: [Link], logging: 'info' }),
          DustOrmModule.forRoot({ name: 'archive', store: 'acme/b', entities: [Link], logging: 'info' }),
          DustOrmModule.forRoot({ name: 'quiet', store: 'acme/c', entities: [Link] }),
        ],
      },
      { logger },
    );
    expect(logger.dust.sort()).toEqual([
      'log [DustOrm:archive] the data source "archive" is open on the store acme/b',
      'log [DustOrm] the data source "default" is open on the store acme/a',
    ]);
  });

  it('hears of records that were skipped', async () => {
    const logger = new RecordingLogger();
    const application = await start({ imports: [DustOrmModule.forRoot({ entities: [Link] })] }, { logger });
    const dataSource = application.get(DataSource);
    await dataSource.transport.set('reading/links/bad/note', 'no title');
    await dataSource.getRepository(Link).find();
    expect(logger.dust).toEqual([expect.stringMatching(/^warn \[DustOrm\] .*bad.*title/s)]);
  });

  it("hears nothing where the options have a logger of the data source's own", async () => {
    const logger = new RecordingLogger();
    const own: string[] = [];
    const note = (message: string): void => void own.push(message);
    await start(
      {
        imports: [
          DustOrmModule.forRoot({
            entities: [Link],
            logging: 'info',
            logger: { debug: note, info: note, warn: note, error: note },
          }),
        ],
      },
      { logger },
    );
    expect(logger.dust).toEqual([]);
    expect(own).toEqual(['the data source "default" is open on the store local/default']);
  });
});

it('nestLogger passes every level on, without the fields', async () => {
  const logger = new RecordingLogger();
  await start({}, { logger });
  const dust = nestLogger();
  dust.debug('d', { a: 1 });
  dust.info('i', { a: 1 });
  dust.warn('w', { a: 1 });
  dust.error('e', { a: 1 });
  nestLogger('DustOrm importer').info('from elsewhere');
  expect(logger.dust).toEqual([
    'debug [DustOrm] d',
    'log [DustOrm] i',
    'warn [DustOrm] w',
    'error [DustOrm] e',
    'log [DustOrm importer] from elsewhere',
  ]);
});
