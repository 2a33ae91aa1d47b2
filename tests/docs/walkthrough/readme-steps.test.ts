import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readmeSteps } from './readme-steps.js';

describe('the first steps of a README', () => {
  const readme = [
    '# x',
    '## Install',
    '```sh',
    'npm install x',
    '```',
    '```ts file main.mjs',
    'console.log(1);',
    '// -> 1',
    '```',
    '```ts file other.mjs',
    '```',
  ];

  it('are to install, to save the first program and to run it', () => {
    expect(readmeSteps(`${readme.join('\n')}\n`)).toEqual([
      { kind: 'command', terminal: 'main', command: 'npm install x', output: ['…'] },
      { kind: 'file', name: 'main.mjs', content: 'console.log(1);\n// -> 1\n' },
      { kind: 'command', terminal: 'main', command: 'node main.mjs', output: ['1'] },
    ]);
  });

  it('must be there', () => {
    expect(() => readmeSteps('# x\n')).toThrow('has no section "Install"');
  });

  it('of ours are a command, some twenty lines and a command', () => {
    const [install, file, run] = readmeSteps(readFileSync(resolve(__dirname, '../../../README.md'), 'utf8'));
    expect(install).toMatchObject({ command: 'npm install dust-orm reflect-metadata rxjs' });
    expect(file!.kind === 'file' && file!.content.split('\n').length).toBeLessThan(22);
    expect(run).toMatchObject({ command: 'node main.mjs' });
  });
});
