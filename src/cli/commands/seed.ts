import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import type { NamedSeed } from '../scripts/load-seeds.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';

/** `seed [files...]`: writes the records that a program begins with. */
export function addSeed(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('seed')
      .description('run the seeds of a configuration file, or these files, which export seed(manager)')
      .argument('[files...]', 'files, with * and ** in them; those of the option seeds when left out'),
  ).action((files: readonly string[], flags: TargetFlags & JsonFlag) => seed(files, flags, context));
}

async function seed(
  files: readonly string[],
  flags: TargetFlags & JsonFlag,
  context: CliContext,
): Promise<void> {
  const { io, out, signal } = context;
  const [{ withSource }, { loadSeeds }] = await Promise.all([
    import('../target/open-source.js'),
    import('../scripts/load-seeds.js'),
  ]);
  const done: string[] = [];
  let seeds: readonly NamedSeed[] = [];
  await withSource(
    {
      command: 'seed',
      create: true,
      change: async (options) => {
        // Before the store is opened: a slip in a name is found at once.
        seeds = await loadSeeds(files.length === 0 ? (options.seeds ?? []) : files, io.cwd);
        return { seeds: [] };
      },
    },
    flags,
    context,
    async ({ manager }) => {
      for (const each of seeds) {
        signal.throwIfAborted();
        await each.seed(manager);
        done.push(each.name);
        if (flags.json !== true) await out.line(`Ran ${each.name}.`);
      }
    },
  );
  if (flags.json === true) await out.line(JSON.stringify({ seeded: done }));
}
