import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { isAlive, startOfProcess } from '../../../../../src/store/lmdb/ownership/process-identity.js';

const read = (file: string): string => readFileSync(file, 'latin1');

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a process', () => {
  it('is told from another one that had its pid before', () => {
    const started = startOfProcess(process.pid);
    expect(started).toMatch(/^[0-9a-f-]+\/\d+$/);
    expect(isAlive(process.pid, started)).toBe(true);
    expect(isAlive(process.pid, undefined)).toBe(true);
    expect(isAlive(process.pid, `${started ?? ''}0`)).toBe(false);
  });

  it('has ended although nobody has asked what became of it', async () => {
    // The shell becomes `cat`, which never asks for the child that it has then.
    const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      while (!read(`/proc/${parent.pid}/comm`).startsWith('cat')) await turnOfTheLoop();
      expect(isAlive(pid, undefined)).toBe(true);
      process.kill(pid, 'SIGKILL');
      while (!read(`/proc/${pid}/stat`).includes(') Z ')) await turnOfTheLoop();
      expect(startOfProcess(pid)).toBeDefined();
      expect(isAlive(pid, undefined)).toBe(false);
    } finally {
      parent.stdin.end();
      await once(parent, 'close');
    }
  });
});
