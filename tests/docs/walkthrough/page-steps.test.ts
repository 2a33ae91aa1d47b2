import { pageSteps } from './page-steps.js';

const page = (...lines: string[]): string => `${lines.join('\n')}\n`;

describe('the steps of a page', () => {
  it('are its files and its commands, in order', () => {
    const steps = pageSteps(
      page(
        '```ts file src/a.ts',
        'a();',
        '```',
        '',
        '```console',
        '$ node a.js',
        'one',
        '```',
        '```ts',
        'b();',
        '```',
      ),
    );
    expect(steps).toEqual([
      { kind: 'file', name: 'src/a.ts', content: 'a();\n' },
      { kind: 'command', terminal: 'main', command: 'node a.js', output: ['one'] },
    ]);
  });

  it('name the terminal that a block names, and look at what it goes on printing', () => {
    const steps = pageSteps(
      page('```console server', '$ serve', 'up', '```', '```console server', 'a call', '```'),
    );
    expect(steps).toEqual([
      { kind: 'command', terminal: 'server', command: 'serve', output: ['up'] },
      { kind: 'look', terminal: 'server', output: ['a call'] },
    ]);
  });

  it('begin with a command in the main terminal', () => {
    expect(() => pageSteps(page('```console', 'one', '```'))).toThrow('not with: one');
  });
});
