import { withInstallTabs } from '../../../../scripts/docs/install-tabs.js';

const shell = (...lines: string[]): string => ['```sh', ...lines, '```'].join('\n');

describe('a block of commands that install', () => {
  it('stands once for each package manager', () => {
    expect(
      withInstallTabs(`Before.\n\n${shell('npm install a b', 'npm install --save-dev c')}\n\nAfter.`),
    ).toBe(
      [
        'Before.\n\n::: code-group\n',
        '```sh [npm]\nnpm install a b\nnpm install --save-dev c\n```\n',
        '```sh [pnpm]\npnpm add a b\npnpm add --save-dev c\n```\n',
        '```sh [yarn]\nyarn add a b\nyarn add --dev c\n```\n',
        '```sh [bun]\nbun add a b\nbun add --dev c\n```\n',
        ':::\n\nAfter.',
      ].join('\n'),
    );
  });

  it('may run commands of packages, and have comments', () => {
    const tabs = withInstallTabs(shell('# A server', 'npx dust-orm serve --port 1  # prints'));
    expect(tabs).toContain('# A server\npnpm exec dust-orm serve --port 1  # prints');
    expect(tabs).toContain('bunx dust-orm serve');
  });

  it.each([
    ['other commands', shell('npm install a', 'npm test')],
    ['a folder', shell('npm install ./a.tgz')],
    ['comments only', shell('# nothing')],
    ['another language', '```console\n$ npm install a\n```'],
  ])('is left as it is with %s', (_, block) => {
    expect(withInstallTabs(block)).toBe(block);
  });
});
