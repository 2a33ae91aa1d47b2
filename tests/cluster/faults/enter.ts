import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** How this process may have namespaces: as root, as a user who is root within, or not. */
export type Way = 'root' | 'user';

/** Networks, mounts and processes of our own; all of them end with the first process within. */
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
const FLAGS: Readonly<Record<Way, readonly string[]>> = {
  root: NAMESPACES,
  user: ['--user', '--map-root-user', ...NAMESPACES],
};

/** The programs that make networks. */
const PROGRAMS = [
  ['unshare', '--version'],
  ['ip', '-Version'],
  ['setpriv', '--version'],
  ['mount', '--version'],
] as const;

/** How namespaces can be had here. @throws Error that says what is missing */
export function findWay(): Way {
  if (process.platform !== 'linux') throw new Error('network namespaces are Linux’s: run it there');
  for (const [program, flag] of PROGRAMS) {
    if (spawnSync(program, [flag], { stdio: 'ignore' }).error !== undefined) {
      throw new Error(`the program ${program} is missing: install iproute2 and util-linux`);
    }
  }
  const ways: readonly Way[] = process.getuid?.() === 0 ? ['root', 'user'] : ['user'];
  const way = ways.find(
    (each) => spawnSync('unshare', [...FLAGS[each], 'true'], { stdio: 'ignore' }).status === 0,
  );
  if (way !== undefined) return way;
  throw new Error(
    'namespaces may not be made here, neither as root nor as a user (unshare -Urn): run it as root, or allow ' +
      'kernel.unprivileged_userns_clone or user.max_user_namespaces',
  );
}

/** Runs this program again within namespaces of its own. Resolves to its exit code when it has ended. */
export async function runWithin(way: Way, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = [process.execPath, ...process.execArgv, process.argv[1]!, ...args];
  const child = spawn('unshare', [...FLAGS[way], ...command], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
