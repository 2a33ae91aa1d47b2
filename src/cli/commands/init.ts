import { Option } from 'commander';
import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { invalidFlag } from '../errors.js';
import { ask, canAsk } from '../input/ask.js';
import type { Question } from '../input/ask.js';
import { addJsonFlag } from '../input/target-flags.js';
import type { JsonFlag } from '../input/target-flags.js';
import { ENTITY_NAME } from '../templates/project/errors.js';
import type { InitResult } from '../templates/project/init-project.js';
import type { EntityNames } from '../templates/project/names.js';
import { entityNames } from '../templates/project/names.js';
import type { NextSteps } from '../templates/project/next-steps.js';
import type { Front } from '../templates/project/starter-files.js';
import { FRONTS } from '../templates/project/starter-files.js';

interface InitFlags extends JsonFlag {
  readonly entity?: string;
  readonly data?: string;
  readonly server?: true;
  readonly front: Front;
  readonly yes?: true;
  readonly force?: true;
}

const ENTITY = 'Link';
const DATA = './data';

/** `init`: what a program begins with, in the project at hand. */
export function addInit(program: Command, context: CliContext): void {
  addJsonFlag(
    program
      .command('init')
      .description('write a configuration, an entity and compiler options into the project in this folder')
      .option('--entity <Name>', `the first entity (default ${ENTITY})`)
      .option('--data <folder>', `keep the store in this folder (default ${DATA})`)
      .option('--server', 'use the server that the environment names, in place of a folder')
      .addOption(
        new Option(
          '--front <front>',
          'how entities are declared: by legacy decorators, by standard ones, or without',
        )
          .choices(FRONTS)
          .default('legacy'),
      )
      .option('--yes', 'ask nothing; makes a package.json where there is none')
      .option('--force', 'write over files that hold something else'),
  ).action((flags: InitFlags) => init(flags, program, context));
}

async function init(flags: InitFlags, program: Command, context: CliContext): Promise<void> {
  const { io, out } = context;
  const [{ initProject }, { readProject }, { nextSteps }] = await Promise.all([
    import('../templates/project/init-project.js'),
    import('../templates/project/project.js'),
    import('../templates/project/next-steps.js'),
  ]);
  if (flags.server === true && flags.data !== undefined) {
    throw invalidFlag('--data', 'left out beside --server', flags.data);
  }
  const project = await readProject(io.cwd, flags.yes === true);
  const { names, data } = await chosen(flags, context);
  const result = await initProject(project, {
    names,
    data,
    front: flags.front,
    force: flags.force === true,
  });
  const commands = new Set(program.commands.map((command) => command.name()));
  const next = nextSteps(project, result, commands);
  await out.write(flags.json === true ? `${asJson(result, next)}\n` : asText(result, next));
}

/** What the flags say, and of the rest what a person answers. */
async function chosen(
  { entity, data, server, yes }: InitFlags,
  context: CliContext,
): Promise<{ readonly names: EntityNames; readonly data: string | undefined }> {
  const asks = yes !== true && canAsk(context);
  const asksName = asks && entity === undefined;
  const asksPlace = asks && data === undefined && server !== true;
  const answers = await ask([...(asksName ? [WHAT] : []), ...(asksPlace ? [WHERE] : [])], context);
  const name = entity ?? (asksName ? answers[0] : undefined) ?? ENTITY;
  const place = data ?? (asksPlace ? answers.at(-1) : undefined) ?? DATA;
  const names = entityNames(name);
  if (names === undefined) throw invalidFlag('--entity', ENTITY_NAME, name);
  return { names, data: server === true || place === 'server' ? undefined : place };
}

const WHAT: Question = {
  text: 'What is the first entity called?',
  fallback: ENTITY,
  fault: (answer) => (entityNames(answer) === undefined ? `Give ${ENTITY_NAME}.` : undefined),
};

const WHERE: Question = {
  text: 'Where is the store: a folder, or the word server?',
  fallback: DATA,
  fault: () => undefined,
};

function asJson({ written, kept, compilerOptions, notes, starter }: InitResult, next: NextSteps): string {
  return JSON.stringify({
    written,
    kept,
    compilerOptions,
    config: starter.config,
    notes,
    next: next.commands,
  });
}

function asText(
  { written, kept, compilerOptions, notes }: InitResult,
  { commands, nest }: NextSteps,
): string {
  const set = compilerOptions.length === 0 ? '' : ` (set ${compilerOptions.join(', ')})`;
  return [
    ...written.map((file) => `Wrote ${file}${file === 'tsconfig.json' ? set : ''}.`),
    ...kept.map((file) => `Left ${file} as it is.`),
    ...notes.map((note) => `\nNote: ${note}`),
    '',
    ...(nest === undefined ? [] : ['In src/app.module.ts:', '', indented(nest), '']),
    'Next:',
    '',
    indented(commands.join('\n')),
    '',
  ].join('\n');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
