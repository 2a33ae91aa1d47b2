import { spawnSync } from 'node:child_process';

/** Whether this process may make mount, PID and UTS namespaces, which stand for disks and containers: root on Linux may. */
const mayMakeNamespaces =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', '-u', '-p', '-f', '--mount-proc', 'true'], { stdio: 'ignore' }).status === 0;

/** A test that needs {@link mayMakeNamespaces}; elsewhere it appears in the list of tests as one that was left out. */
export function itWithNamespaces(title: string, test: () => Promise<void>): void {
  if (mayMakeNamespaces) it(title, test, 120_000);
  else it.todo(`${title} (left out: it needs root on Linux)`);
}
