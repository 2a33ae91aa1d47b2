import { loggerTo, loggingTo } from '../../../src/cli/output/logger.js';
import { Output } from '../../../src/cli/output/output.js';
import { Progress } from '../../../src/cli/output/progress.js';
import { silentLogger } from '../../../src/logging.js';
import { Screen } from './cli-world.js';

function onScreen(isTerminal: boolean) {
  const screen = new Screen(isTerminal);
  const err = new Output(screen);
  return { screen, err, progress: new Progress(err) };
}

const FIELDS = { entity: 'Link', index: 'state', records: 120 };

it('how far an index is stands on a line that is written over, and a warning on one of its own', () => {
  const { screen, err, progress } = onScreen(true);
  const logger = loggerTo(err, progress);
  logger.info('indexing Link by state: 120 records', FIELDS);
  logger.info('the data source "default" is open', { dataSource: 'default' });
  logger.warn('slow');
  logger.debug('nothing');
  expect(screen.text).toBe('\r\u001B[Kindexing Link by state: 120 records\r\u001B[Kdust-orm: slow\n');
});

it('where no person looks only warnings are told', () => {
  const { screen, err, progress } = onScreen(false);
  const logger = loggerTo(err, progress);
  logger.info('indexing Link by state: 120 records', FIELDS);
  logger.error('broken');
  expect(screen.text).toBe('dust-orm: broken\n');
});

it('a logger of the configuration stays as it is', () => {
  const { err, progress } = onScreen(true);
  expect(loggingTo({ logger: silentLogger }, err, progress)).toEqual({ logger: silentLogger });
  expect(loggingTo({ logger: silentLogger, logging: 'debug' }, err, progress)).toEqual({
    logger: silentLogger,
    logging: 'debug',
  });
  expect(loggingTo({}, err, progress).logging).toBe('info');
  expect(loggingTo({ logging: false }, err, progress).logging).toBe(false);
});
