import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(__dirname, '../../scripts/ensure/chromium.mjs');

describe('scripts/ensure/chromium.mjs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ensure-chromium-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Puts a command into the only folder of PATH. */
  function command(name: string, ...lines: string[]): string {
    const file = join(folder, name);
    writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(file, 0o755);
    return file;
  }

  /** An apt-get that notes how it is called, and does this when it is to install. */
  const aptGet = (onInstall: string): string =>
    command(
      'apt-get',
      `echo "$@" >> "${folder}/calls"`,
      `case "$1" in install) ${onInstall};; esac`,
      'echo progress',
    );
  /** A sudo that runs what it is given: for when the tests do not run as root. */
  const sudo = (): string => command('sudo', 'shift', '[ "$1" = true ] || exec "$@"');

  function run(env: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [script], { env: { PATH: folder, ...env }, encoding: 'utf8' });
  }

  it('prints the Chromium that CHROMIUM_PATH names, before any in PATH', () => {
    command('chromium');
    const named = command('my-browser');
    expect(run({ CHROMIUM_PATH: named })).toMatchObject({ status: 0, stdout: `${named}\n`, stderr: '' });
  });

  it('refuses a CHROMIUM_PATH that cannot be run', () => {
    command('chromium');
    const { status, stdout, stderr } = run({ CHROMIUM_PATH: join(folder, 'nothing') });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/CHROMIUM_PATH is .*nothing, which cannot be run/);
  });

  it.each(['chromium', 'chromium-browser', 'google-chrome'])('finds %s in PATH', (name) => {
    expect(run()).toMatchObject({ status: 1 });
    const file = command(name);
    expect(run()).toMatchObject({ status: 0, stdout: `${file}\n`, stderr: '' });
  });

  it('installs the package with apt-get when there is none, and prints nothing but the path', () => {
    sudo();
    // Written out, because the commands in PATH are all that a shell has here.
    aptGet(`echo '#!/bin/sh' > "${folder}/chromium"; /bin/chmod 755 "${folder}/chromium"`);
    expect(run()).toMatchObject({ status: 0, stdout: `${join(folder, 'chromium')}\n` });
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(
      'update -q\ninstall -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 chromium\n',
    );
  });

  it.each([
    ['cannot install it', 'exit 100', 'apt-get could not install the package chromium'],
    ['installs something else', 'true', 'there is still none to be found'],
  ])('says so when apt-get %s', (_what, onInstall, message) => {
    sudo();
    aptGet(onInstall);
    const { status, stdout, stderr } = run();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('says what to do where there is no apt-get', () => {
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('no apt-get to install it. Install Chromium, or set CHROMIUM_PATH to one.');
  });
});
