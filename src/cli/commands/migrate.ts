import type { Command } from 'commander';
import type { DataSource, DataSourceOptions } from '../../data-source/index.js';
import { isDustError, messageOf } from '../../errors.js';
import type { MigrationStatus, RunMigrationsOptions } from '../../migrations/index.js';
import type { CliContext } from '../context.js';
import { EXIT } from '../output/exit-code.js';
import { MigrationProgressLine } from '../output/migration-progress.js';
import { Progress } from '../output/progress.js';
import { addJsonFlag, addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';

type Flags = TargetFlags & JsonFlag;

interface RunFlags extends Flags {
  readonly fake?: true;
}

interface StatusFlags extends Flags {
  readonly check?: true;
}

interface CreateFlags extends JsonFlag {
  readonly config?: string;
  readonly dir?: string;
  readonly js?: true;
  readonly ts?: true;
}

/** `migrate create | up | status | down`: brings stored records to what the program needs. */
export function addMigrate(program: Command, context: CliContext): void {
  const migrate = program.command('migrate').description('run the migrations of a configuration file');
  addJsonFlag(
    migrate
      .command('create')
      .description('write the file of a new migration')
      .argument('<name>', 'such as AddAuthor'),
  )
    .option('--dir <folder>', 'where it goes; default: where --config has its migrations, or migrations')
    .option('--config <file>', 'an ormconfig with data source options: .ts, .js or .json')
    .option('--ts', 'write TypeScript; default: where there is a tsconfig.json')
    .option(
      '--js',
      'write JavaScript, of the kind that package.json says; both default to what --config looks for',
    )
    .action((name: string, flags: CreateFlags) => create(name, flags, context));
  addTargetFlags(
    migrate
      .command('up')
      .description('run those that are not done; what stopped before goes on where it stood')
      .option('--fake', 'record them as done without running them'),
  ).action((flags: RunFlags) => up(flags, context));
  addTargetFlags(
    migrate
      .command('down')
      .description('undo the last one that was begun')
      .option('--fake', 'record it as undone without calling it'),
  ).action((flags: RunFlags) => down(flags, context));
  addTargetFlags(
    migrate
      .command('status')
      .description('how they stand; changes nothing')
      .option('--check', 'exit with 1 when any is not done'),
  ).action((flags: StatusFlags) => status(flags, context));
}

async function create(name: string, flags: CreateFlags, context: CliContext): Promise<void> {
  const { createMigration } = await import('../templates/create-migration.js');
  const { file, isNamed } = await createMigration(name, flags, context.io);
  await context.out.line(flags.json === true ? JSON.stringify({ file }) : `Made ${file}.`);
  if (isNamed === false && flags.json !== true) {
    await context.err.line(
      `dust-orm: the option migrations of ${flags.config ?? ''} does not name ${file}; "migrate up" finds it when it does`,
    );
  }
}

async function up(flags: RunFlags, context: CliContext): Promise<void> {
  const executed = await running(flags, context, { create: true }, (dataSource, options) =>
    dataSource.runMigrations(options),
  );
  const names = executed.map(({ name }) => name);
  if (flags.json === true) await context.out.line(JSON.stringify({ executed: names }));
  else for (const name of names) await context.out.line(`Ran ${name}.`);
  if (names.length === 0 && flags.json !== true) await context.out.line('All migrations are done.');
}

async function down(flags: RunFlags, context: CliContext): Promise<void> {
  const undone = await running(flags, context, { create: false }, (dataSource, options) =>
    dataSource.undoLastMigration(options),
  );
  const name = undone?.name ?? null;
  if (flags.json === true) await context.out.line(JSON.stringify({ undone: name }));
  else await context.out.line(name === null ? 'There is no migration to undo.' : `Undid ${name}.`);
  if (name === null) context.setExitCode(EXIT.notFound);
}

async function status(flags: StatusFlags, context: CliContext): Promise<void> {
  const { out } = context;
  const all = await withMigrations(flags, context, { create: false }, (dataSource) =>
    dataSource.migrationStatus(),
  );
  if (flags.json === true) await out.line(JSON.stringify({ migrations: all }));
  else for (const each of all) await out.line(asText(each));
  const isPending = all.some(({ isKnown, state }) => isKnown && state !== 'done');
  if (flags.check === true && isPending) context.setExitCode(EXIT.failed);
}

/** Runs migrations, shows how far they are, and says which one it was that failed. */
async function running<T>(
  flags: RunFlags,
  context: CliContext,
  use: { readonly create: boolean },
  run: (dataSource: DataSource, options: RunMigrationsOptions) => Promise<T>,
): Promise<T> {
  const { err, io, signal } = context;
  const progress = new Progress(err);
  const line = new MigrationProgressLine(progress, io.clock);
  const options: RunMigrationsOptions = {
    signal,
    fake: flags.fake === true,
    onProgress: line.hear,
    onWait: (holder, timeLeft) => {
      err
        .line(
          `dust-orm: waiting for ${holder ?? 'another process'}, which runs migrations${untilWhen(timeLeft)}`,
        )
        .catch(() => undefined);
    },
  };
  try {
    return await withMigrations(flags, context, use, (dataSource) => run(dataSource, options));
  } catch (error) {
    const { name, direction } = line.current ?? {};
    if (isDustError(error) || name === undefined || line.current?.stage === 'done') throw error;
    throw new Error(`Migration ${name} (${direction ?? 'up'}) stopped: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    await progress.clear();
  }
}

async function withMigrations<T>(
  flags: Flags,
  context: CliContext,
  { create }: { readonly create: boolean },
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const [{ withSource }, { loadMigrations }] = await Promise.all([
    import('../target/open-source.js'),
    import('../scripts/load-migrations.js'),
  ]);
  const use = {
    command: 'migrate',
    create,
    change: async ({ migrations = [] }: DataSourceOptions) => ({
      migrations: await loadMigrations(migrations, context.io.cwd),
    }),
  };
  return withSource(use, flags, context, work);
}

function untilWhen(ms: number): string {
  return ms > 0 ? `; if it has ended without a word, for ${Math.ceil(ms / 1000)} s` : '';
}

function asText({ name, state, direction, endedAt, error, walks, isKnown }: MigrationStatus): string {
  const stands = walks
    .filter(({ isDone }) => !isDone)
    .map(({ key, processed }) => `${key}: ${processed.toLocaleString('en')} records`);
  const facts = [
    ...(direction === 'down' ? ['on its way down'] : []),
    ...(endedAt === undefined ? [] : [endedAt.toISOString()]),
    ...(state === 'done' ? [] : stands),
    ...(error === undefined ? [] : [error]),
    ...(isKnown ? [] : ['not among the migrations of this configuration']),
  ];
  return `${state.padEnd(11)}  ${name}${facts.length === 0 ? '' : `  ${facts.join('; ')}`}`;
}
