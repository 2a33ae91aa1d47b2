import type { Command } from 'commander';

/** What a flag or an argument is given. */
export type Value =
  /** Anything; nothing is proposed. */
  | { readonly kind: 'free' }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** A flag, and what follows it; undefined where nothing does. */
export interface FlagWords {
  readonly flag: string;
  readonly description: string;
  readonly value: Value | undefined;
}

/** A command, as far as what may be typed behind it. */
export interface CommandWords {
  /** All of its words, such as `migrate up`; empty for the program itself. */
  readonly name: string;
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly FlagWords[];
  /** What its arguments are. */
  readonly argument: Value;
}

/** Every command of a program, the program first. */
export function commandWords(program: Command): readonly CommandWords[] {
  return wordsOf(program, '');
}

function wordsOf(command: Command, name: string): CommandWords[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const own: CommandWords = {
    name,
    description: firstLine(command.description()),
    commands: commands.map((each) => ({
      name: each.name(),
      description: firstLine(each.description()),
    })),
    flags: help.visibleOptions(command).flatMap((option) => {
      if (option.long === undefined) return [];
      const takes = option.required || option.optional;
      const value = takes ? valueOf(option.flags, option.argChoices) : undefined;
      return [{ flag: option.long, description: firstLine(option.description), value }];
    }),
    argument: argumentOf(command),
  };
  return [own, ...commands.flatMap((each) => wordsOf(each, `${name} ${each.name()}`.trim()))];
}

/** Files and folders among several arguments are all proposed as files: which one is typed is not counted. */
function argumentOf(command: Command): Value {
  const values = command.registeredArguments.map((argument) =>
    valueOf(`<${argument.name()}>`, argument.argChoices),
  );
  return (
    values.find(({ kind }) => kind === 'words') ??
    values.find(({ kind }) => kind === 'files') ??
    values.find(({ kind }) => kind === 'folders') ?? { kind: 'free' }
  );
}

function valueOf(placeholder: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return { kind: 'words', words: choices };
  if (/<files?>/.test(placeholder)) return { kind: 'files' };
  if (/<(folder|out|backup)>/.test(placeholder)) return { kind: 'folders' };
  return { kind: 'free' };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
