import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageSteps } from './page-steps.js';
import { walk } from './walk.js';

const SERVER = `
process.stdout.write('http://127.0.0.1:4711 dust_tok_made_up\\n');
require('node:fs').writeFileSync('pid', String(process.pid));
setInterval(() => {
  if (require('node:fs').existsSync('called')) {
    process.stdout.write('a call\\n');
    require('node:fs').rmSync('called');
  }
}, 5);
`;
const CALL = `
require('node:fs').writeFileSync('called', '');
console.log(process.argv[2], process.env.TOKEN);
`;

const PAGE = `
\`\`\`console
$ mkdir work
$ cd work
\`\`\`
\`\`\`js file lib/server.cjs
${SERVER}
\`\`\`
\`\`\`js file call.cjs
${CALL}
\`\`\`
\`\`\`console server
$ cd work
$ node lib/server.cjs
http://127.0.0.1:7755 dust_tok_shown
\`\`\`
\`\`\`console
$ export TOKEN=dust_tok_shown
$ node call.cjs 127.0.0.1:7755
127.0.0.1:7755 dust_tok_shown
\`\`\`
\`\`\`console server
a call
\`\`\`
`;

describe('a walk through a page', () => {
  let folder: string;
  const options = () => ({
    folder,
    environment: process.env,
    actualWords: (words: readonly string[]) => words,
    patience: 10_000,
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dust-orm-walk-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes files, runs commands, keeps servers running and ends them', async () => {
    const taken: string[] = [];
    await walk(pageSteps(PAGE), { ...options(), onStep: (step) => taken.push(step) });
    expect(taken).toContain('(server) $ node lib/server.cjs');
    const pid = Number(readFileSync(join(folder, 'work/pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('stops at output that differs, naming step and lines', async () => {
    const page = PAGE.replace(
      '127.0.0.1:7755 dust_tok_shown\n```\n```console server',
      'other\n```\n```console server',
    );
    await expect(walk(pageSteps(page), options())).rejects.toThrow(
      /^\$ node call\.cjs [\s\S]*- other\n\+ 127\.0\.0\.1:7755 dust_tok_shown$/,
    );
    expect(existsSync(join(folder, 'work/pid'))).toBe(true);
  });

  it('stops at a command that fails', async () => {
    const page = '```console\n$ node -e "console.log(1); process.exit(3)"\n1\n```\n';
    await expect(walk(pageSteps(page), options())).rejects.toThrow('exit code 3:\n1');
  });

  it('stops at a command that takes too long', async () => {
    const page = '```console\n$ node -e "setInterval(() => 0, 1000)"\n```\n';
    await expect(walk(pageSteps(page), { ...options(), patience: 300 })).rejects.toThrow('more than 0.3 s');
  });

  it('ends what runs when it is called off', async () => {
    const controller = new AbortController();
    const page = `${PAGE}\`\`\`console\n$ node -e "setInterval(() => 0, 1000)"\n\`\`\`\n`;
    const onStep = (step: string): void => {
      if (step.includes('setInterval')) setImmediate(() => controller.abort());
    };
    await expect(walk(pageSteps(page), { ...options(), onStep, signal: controller.signal })).rejects.toThrow(
      'It ended with exit code none',
    );
    const pid = Number(readFileSync(join(folder, 'work/pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
