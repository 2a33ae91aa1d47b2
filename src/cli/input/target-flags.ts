import type { Command } from 'commander';

/** The flags that say where the store is. */
export interface TargetFlags {
  readonly config?: string;
  readonly url?: string;
  readonly token?: string;
  readonly store?: string;
  readonly data?: string;
}

/** The flag that every command has. */
export interface JsonFlag {
  readonly json?: true;
}

const HELP = `
Where the store is: --config; else --url with --store and a token; else --data; else the environment
(DUST_BASE_URL, DUST_STORE, DUST_TOKEN). Other users of this machine can read a --token in the list of
processes: prefer the variable DUST_TOKEN.`;

/** Adds the flags that say where the store is, and `--json`. */
export function addTargetFlags(command: Command): Command {
  return addJsonFlag(command)
    .option('--config <file>', 'an ormconfig with data source options: .ts, .js or .json')
    .option('--url <url>', 'where the server is, such as https://dustlayer.io')
    .option('--token <token>', 'what the server knows you by; visible to others, prefer DUST_TOKEN')
    .option('--store <org/name>', 'the store')
    .option('--data <folder>', 'the folder of an embedded store; with --store, the one that serve was given')
    .addHelpText('after', HELP);
}

/** Adds `--json`. */
export function addJsonFlag(command: Command): Command {
  return command.option('--json', 'print JSON, for programs');
}
