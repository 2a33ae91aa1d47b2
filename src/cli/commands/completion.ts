import { Argument } from 'commander';
import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { bashCompletion } from '../templates/completion/bash.js';
import { commandWords } from '../templates/completion/command-words.js';
import { zshCompletion } from '../templates/completion/zsh.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion } as const;

/** `completion bash|zsh`: a script by which a shell completes commands, flags, their values and files. */
export function addCompletion(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description(
      'print a script that makes a shell complete this command: eval "$(dust-orm completion bash)"',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => context.out.write(SHELLS[shell](commandWords(program))));
}
