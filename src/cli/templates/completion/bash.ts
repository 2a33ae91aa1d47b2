import type { CommandWords, Value } from './command-words.js';

/** What proposes a value, in bash. */
function proposal(value: Value): string {
  switch (value.kind) {
    case 'files':
      return 'compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -f -- "$current")';
    case 'folders':
      return 'compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -d -- "$current")';
    case 'words':
      return `mapfile -t COMPREPLY < <(compgen -W '${value.words.join(' ')}' -- "$current")`;
    case 'free':
      return 'COMPREPLY=()';
  }
}

/** A script for bash 4 and newer that completes these commands. It asks nobody: all is in it. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const names = commands.filter(({ name }) => name !== '').map(({ name }) => `'${name}'`);
  const values = commands.flatMap(({ name, flags }) =>
    flags.flatMap(({ flag, value }) =>
      value === undefined ? [] : [`    '${name} ${flag}') ${proposal(value)}; return ;;`],
    ),
  );
  const behind = commands.map(({ name, commands: below, flags, argument }) => {
    const words = below.map((each) => each.name).join(' ');
    const rest = words === '' ? proposal(argument) : proposal({ kind: 'words', words: [words] });
    return `    '${name}')
      if [[ $current == -* ]]; then mapfile -t COMPREPLY < <(compgen -W '${flags.map(({ flag }) => flag).join(' ')}' -- "$current")
      else ${rest}; fi ;;`;
  });
  return `# bash completion of dust-orm: eval "$(dust-orm completion bash)"
_dust_orm() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "\${command:+$command }$word" in
      ${names.join(' | ')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
${behind.join('\n')}
  esac
}
complete -F _dust_orm dust-orm
`;
}
