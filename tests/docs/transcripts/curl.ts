import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { curlStandIn } from './curl-stand-in.js';

/** Something that carries out `curl` command lines. */
export interface Curl {
  /** Says in the names of tests what was used. */
  readonly name: string;
  /** What the command prints. Files it names are those of `folder`. */
  run(args: readonly string[], folder: string): Promise<string>;
}

const run = promisify(execFile);

/** The machine's own `curl`, where there is one, and the stand-in. */
export function availableCurls(): Curl[] {
  const version = versionOfCurl();
  if (version === undefined) return [{ name: 'the stand-in (no curl on this machine)', run: curlStandIn }];
  return [
    { name: version, run: realCurl },
    { name: 'the stand-in for curl', run: curlStandIn },
  ];
}

function versionOfCurl(): string | undefined {
  try {
    const printed = execFileSync('curl', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /^curl \S+/.exec(printed)?.[0];
  } catch {
    return undefined;
  }
}

/** Neither a `.curlrc` nor a proxy of the machine has a say. */
async function realCurl(args: readonly string[], folder: string): Promise<string> {
  const { stdout } = await run('curl', ['-q', ...args], {
    cwd: folder,
    env: { ...process.env, NO_PROXY: '*' },
  });
  return stdout;
}
