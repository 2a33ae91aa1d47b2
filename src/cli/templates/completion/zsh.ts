import type { CommandWords, Value } from './command-words.js';

/** What proposes a value, in zsh. */
function proposal(value: Value): string {
  switch (value.kind) {
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'words':
      return `compadd -- ${value.words.map(quoted).join(' ')}`;
    case 'free':
      return 'return 1';
  }
}

/** A script for zsh that completes these commands and shows what they do. It asks nobody: all is in it. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  const names = commands.filter(({ name }) => name !== '').map(({ name }) => quoted(name));
  const values = commands.flatMap(({ name, flags }) =>
    flags.flatMap(({ flag, value }) =>
      value === undefined ? [] : [`    ${quoted(`${name} ${flag}`)}) ${proposal(value)}; return ;;`],
    ),
  );
  const behind = commands.map(({ name, commands: below, flags, argument }) => {
    const proposed = (each: readonly { readonly name: string; readonly description: string }[]): string =>
      each.map(({ name: word, description }) => quoted(`${word}:${description}`)).join(' ');
    const rest =
      below.length === 0 ? proposal(argument) : `choices=(${proposed(below)}); _describe command choices`;
    return `    ${quoted(name)})
      if [[ $current == -* ]]; then choices=(${proposed(flags.map(({ flag, description }) => ({ name: flag, description })))}); _describe -o option choices
      else ${rest}; fi ;;`;
  });
  return `#compdef dust-orm
# zsh completion of dust-orm: eval "$(dust-orm completion zsh)", behind compinit
_dust_orm() {
  local current=\${words[CURRENT]} previous=\${words[CURRENT-1]} command='' word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in
      (${names.join('|')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
${behind.join('\n')}
  esac
}
if (( $+functions[compdef] )); then compdef _dust_orm dust-orm; fi
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
