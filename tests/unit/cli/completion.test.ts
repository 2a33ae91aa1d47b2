import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliWorld } from './cli-world.js';

const ZSH = '/usr/bin/zsh';

const world = CliWorld.use();

/** What bash proposes behind these words, of which the last one is being typed. */
async function proposed(...words: string[]): Promise<string[]> {
  const { out, code } = await world.run(['completion', 'bash']);
  expect(code).toBe(0);
  const script = `set -eu\n${out}\nCOMP_WORDS=(dust-orm "$@"); COMP_CWORD=$#\n_dust_orm\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const typed = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: world.folder,
    encoding: 'utf8',
  });
  return typed.split('\n').filter((line) => line !== '');
}

it('proposes every command that the help names', async () => {
  const { out } = await world.run(['--help']);
  const named = [...out.matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
  expect((await proposed('')).sort()).toEqual(named.sort());
  expect(named).toContain('doctor');
  expect(await proposed('mig')).toEqual(['migrate']);
});

it('proposes commands of commands, flags and what flags are given', async () => {
  expect(await proposed('migrate', '')).toEqual(['create', 'up', 'down', 'status']);
  expect(await proposed('migrate', 'status', '--c')).toEqual(['--check', '--config']);
  expect(await proposed('put', '--if')).toEqual(['--if-match', '--if-absent']);
  expect(await proposed('init', '--front', '')).toEqual(['legacy', 'es', 'define']);
  expect(await proposed('completion', '')).toEqual(['bash', 'zsh']);
  expect(await proposed('get', '--store', '')).toEqual([]);
  expect(await proposed('get', '--store', 'migrate', '--js')).toEqual(['--json']);
});

it('proposes files for --config, and folders for --data', async () => {
  await mkdir(join(world.folder, 'data one'));
  await writeFile(join(world.folder, 'dump.jsonl'), '');
  expect((await proposed('ls', '--config', 'd')).sort()).toEqual(['data one', 'dump.jsonl']);
  expect(await proposed('ls', '--data', 'd')).toEqual(['data one']);
  expect((await proposed('import', 'd')).sort()).toEqual(['data one', 'dump.jsonl']);
  expect(await proposed('backup', 'd')).toEqual(['data one']);
});

it('a shell that it does not know is refused with those it does', async () => {
  expect(await world.run(['completion', 'fish'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Allowed choices are bash, zsh'),
  });
});

it('zsh is given the same words, with what they do', async () => {
  const { out } = await world.run(['completion', 'zsh']);
  expect(out).toMatch(/^#compdef dust-orm\n/);
  expect(out).toContain("'ls:list leaves in store order, each with its path and value'");
  expect(out).toContain("'ls --config') _files; return ;;");
  expect(out).toContain("'ls --data') _files -/; return ;;");
  const quotes = out.replaceAll("'\\''", '').match(/'/g) ?? [];
  expect(quotes.length % 2).toBe(0);
});

// CI installs one (scripts/ensure/zsh.mjs).
(existsSync(ZSH) ? describe : describe.skip)('a zsh', () => {
  /** What it proposes behind a line, sorted, each once. */
  async function proposedByZsh(line: string): Promise<string[]> {
    const script = join(world.folder, '.completion');
    await writeFile(script, (await world.run(['completion', 'zsh'])).out);
    const typed = execFileSync(ZSH, ['-f', join(__dirname, 'proposals.zsh'), script, line], {
      cwd: world.folder,
      encoding: 'utf8',
    });
    return [...new Set(typed.split('\n').filter((each) => each !== ''))].sort();
  }

  it('proposes what bash does', async () => {
    expect(await proposedByZsh('dust-orm ')).toEqual((await proposed('')).sort());
    expect(await proposedByZsh('dust-orm mig')).toEqual(['migrate']);
    expect(await proposedByZsh('dust-orm migrate ')).toEqual(['create', 'down', 'status', 'up']);
    expect(await proposedByZsh('dust-orm migrate status --c')).toEqual(['--check', '--config']);
    expect(await proposedByZsh('dust-orm init --front ')).toEqual(['define', 'es', 'legacy']);
    expect(await proposedByZsh('dust-orm get --store ')).toEqual([]);
  });

  it('proposes files and folders as bash does', async () => {
    await mkdir(join(world.folder, 'data one'));
    await writeFile(join(world.folder, 'dump.jsonl'), '');
    expect(await proposedByZsh('dust-orm ls --config d')).toEqual(['data\\ one', 'dump.jsonl']);
    expect(await proposedByZsh('dust-orm ls --data d')).toEqual(['data\\ one']);
    expect(await proposedByZsh('dust-orm import d')).toEqual(['data\\ one', 'dump.jsonl']);
  });
});
