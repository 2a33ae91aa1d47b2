import type { DustErrorKind, DustErrorDetails, Transport } from '../../../src/index.js';
import { DataSource, DustError } from '../../../src/index.js';
import type { DustOrmModuleOptions } from '../../../src/nestjs/index.js';
import { DustOrmModule } from '../../../src/nestjs/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { Link, RecordingLogger, closeApplications, linkSource, start } from './support.js';

afterEach(closeApplications);

/** A way to the store whose first `failures` attempts fail. */
function failing(failures: number, error: () => unknown) {
  const attempts: number[] = [];
  const clock = new TestClock();
  const dataSourceFactory = (): DataSource => {
    attempts.push(clock.now());
    if (attempts.length <= failures) throw error();
    return linkSource();
  };
  return { attempts, clock, dataSourceFactory };
}

const dustError = (kind: DustErrorKind, details?: DustErrorDetails) => () =>
  new DustError(kind, `It was ${kind}.`, details);

async function startWith(
  { attempts, clock, dataSourceFactory }: ReturnType<typeof failing>,
  options: DustOrmModuleOptions = {},
): Promise<{ readonly waits: number[]; readonly error: unknown; readonly logger: RecordingLogger }> {
  const logger = new RecordingLogger();
  let settled = false;
  const useFactory = (): DustOrmModuleOptions => ({ entities: [Link], clock, ...options });
  const started = start(
    { imports: [DustOrmModule.forRootAsync({ useFactory, dataSourceFactory })] },
    { logger },
  )
    .then(() => undefined)
    .catch((error: unknown) => error)
    .finally(() => {
      settled = true;
    });
  while (!settled) await clock.advance(100);
  const waits = attempts.slice(1).map((time, index) => time - attempts[index]!);
  return { waits, error: await started, logger };
}

describe('opening the data source', () => {
  it('is tried again every three seconds, and says so', async () => {
    const { waits, error, logger } = await startWith(failing(2, dustError('network')));
    expect(error).toBeUndefined();
    expect(waits).toEqual([3000, 3000]);
    expect(logger.dust).toEqual([
      'error [DustOrm] The data source "default" did not open: It was network. This was attempt 1 of 10, the next one is in 3000 ms.',
      'error [DustOrm] The data source "default" did not open: It was network. This was attempt 2 of 10, the next one is in 3000 ms.',
    ]);
  });

  it('is given up after ten attempts with the last error', async () => {
    const { waits, error } = await startWith(failing(10, dustError('network')));
    expect(waits).toHaveLength(9);
    expect(error).toMatchObject({ kind: 'network' });
  });

  it('keeps to retryAttempts and retryDelay', async () => {
    const { waits, error } = await startWith(failing(9, dustError('timeout')), {
      retryAttempts: 3,
      retryDelay: 500,
    });
    expect(waits).toEqual([500, 500]);
    expect(error).toMatchObject({ kind: 'timeout' });
  });

  it.each([0, 1])('is tried once with retryAttempts: %d', async (retryAttempts) => {
    const { waits, error } = await startWith(failing(1, dustError('network')), { retryAttempts });
    expect(waits).toEqual([]);
    expect(error).toMatchObject({ kind: 'network' });
  });

  it.each<[DustErrorKind, DustErrorDetails]>([
    ['network', {}],
    ['timeout', {}],
    ['rate_limited', { retryAfter: 1 }],
    ['http', { status: 503, retryable: true }],
    ['storage', { detail: 'locked' }],
  ])('is tried again after %s %j', async (kind, details) => {
    const { error, waits } = await startWith(failing(1, dustError(kind, details)));
    expect(error).toBeUndefined();
    expect(waits).toHaveLength(1);
  });

  it.each<[DustErrorKind, DustErrorDetails]>([
    ['invalid_metadata', {}],
    ['invalid_options', {}],
    ['unauthorized', {}],
    ['forbidden', {}],
    ['store_not_found', {}],
    ['http', { status: 404, retryable: false }],
    ['storage', { detail: 'corrupt' }],
  ])('fails at once after %s %j', async (kind, details) => {
    const { error, waits } = await startWith(failing(1, dustError(kind, details)));
    expect(error).toMatchObject({ kind });
    expect(waits).toEqual([]);
  });

  it('fails at once after an error of something else', async () => {
    const { waits, error } = await startWith(failing(1, () => new TypeError('a mistake')));
    expect(waits).toEqual([]);
    expect(error).toBeInstanceOf(TypeError);
  });

  it('leaves the decision to toRetry', async () => {
    const asked: unknown[] = [];
    const toRetry = (error: unknown): boolean => {
      asked.push((error as Error).message);
      return asked.length < 3;
    };
    const { waits, error } = await startWith(
      failing(9, () => new Error('vault sealed')),
      { toRetry },
    );
    expect(asked).toEqual(['vault sealed', 'vault sealed', 'vault sealed']);
    expect(waits).toEqual([3000, 3000]);
    expect(error).toMatchObject({ message: 'vault sealed' });
  });

  it('says nothing with logging: false', async () => {
    const { logger } = await startWith(failing(1, dustError('network')), { logging: false });
    expect(logger.dust).toEqual([]);
  });

  it('tries initialize() again, on a data source of its own each time', async () => {
    const clock = new TestClock();
    let connections = 0;
    const started = start({
      imports: [
        DustOrmModule.forRoot({
          entities: [Link],
          clock,
          transport: () => {
            connections += 1;
            if (connections === 1) throw new DustError('network', 'The server is not up yet.');
            return {
              capabilities: {},
              connect: () => Promise.resolve(),
              close: () => Promise.resolve(),
            } as Transport;
          },
        }),
      ],
    });
    await clock.advance(2999);
    expect(connections).toBe(1);
    await clock.advance(1);
    const application = await started;
    expect(connections).toBe(2);
    expect(application.get(DataSource).isInitialized).toBe(true);
  });
});
