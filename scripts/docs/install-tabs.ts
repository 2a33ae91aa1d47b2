/** A package manager that readers use, and how it says what npm says. */
interface PackageManager {
  readonly name: string;
  readonly add: string;
  readonly addForDevelopment: string;
  /** Runs a command of an installed package. */
  readonly run: string;
}

const MANAGERS: readonly PackageManager[] = [
  { name: 'npm', add: 'npm install', addForDevelopment: 'npm install --save-dev', run: 'npx' },
  { name: 'pnpm', add: 'pnpm add', addForDevelopment: 'pnpm add --save-dev', run: 'pnpm exec' },
  { name: 'yarn', add: 'yarn add', addForDevelopment: 'yarn add --dev', run: 'yarn' },
  { name: 'bun', add: 'bun add', addForDevelopment: 'bun add --dev', run: 'bunx' },
];

const SHELL_BLOCK = /^```sh\n([\s\S]*?)^```$/gm;
const INSTALLS = /^npm install (?=[\w@])/;
const INSTALLS_FOR_DEVELOPMENT = /^npm install (?:--save-dev|-D) /;
const RUNS = /^npx (?=[\w@])/;

/**
 * A page in which each block of commands that only install packages and run their commands by npm stands once for each
 * package manager, as tabs. In the file it is an ordinary block, which GitHub and npm show as it is.
 */
export function withInstallTabs(markdown: string): string {
  return markdown.replaceAll(SHELL_BLOCK, (block, commands: string) => {
    const lines = commands.trimEnd().split('\n');
    return lines.every(isForAll) && lines.some((line) => !isComment(line)) ? tabs(lines) : block;
  });
}

const isComment = (line: string): boolean => line === '' || line.startsWith('#');

const isForAll = (line: string): boolean =>
  isComment(line) || INSTALLS.test(line) || INSTALLS_FOR_DEVELOPMENT.test(line) || RUNS.test(line);

function tabs(lines: readonly string[]): string {
  const blocks = MANAGERS.map(
    (manager) =>
      `\`\`\`sh [${manager.name}]\n${lines.map((line) => commandOf(manager, line)).join('\n')}\n\`\`\``,
  );
  return `::: code-group\n\n${blocks.join('\n\n')}\n\n:::`;
}

function commandOf(manager: PackageManager, line: string): string {
  return line
    .replace(INSTALLS_FOR_DEVELOPMENT, `${manager.addForDevelopment} `)
    .replace(INSTALLS, `${manager.add} `)
    .replace(RUNS, `${manager.run} `);
}
