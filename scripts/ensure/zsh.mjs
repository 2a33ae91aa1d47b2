// A zsh to try completions with.
import { ensureProgram } from './ensure-program.mjs';

ensureProgram({
  name: 'zsh',
  variable: 'ZSH_PROGRAM',
  names: ['zsh'],
  packageName: 'zsh',
  byHand: 'Install zsh, or set ZSH_PROGRAM to its program.',
});
