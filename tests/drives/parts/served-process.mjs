import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** How long a process may take until it listens, in milliseconds. */
const START_TIME = 60_000;

/** A process that serves at a port of its own and is begun again there whenever it ends, as pm2 and systemd do. */
export class ServedProcess {
  url;
  #program;
  #env;
  #child;
  #isStopping = false;
  /** Resolves with how long the present start took, in milliseconds. */
  #up;

  /** Begins it. @param program of Node; writes a line when it listens */
  static async begin(program, env) {
    const served = new ServedProcess();
    const port = await freePort();
    served.url = `http://127.0.0.1:${port}`;
    served.#program = program;
    served.#env = { ...process.env, ...env, PORT: String(port) };
    served.#begin();
    return served;
  }

  /** Resolves when the process that runs now listens, with how long that took. */
  up() {
    return this.#up;
  }

  /** Ends it by force; another one is begun. Resolves when it is gone. */
  async kill() {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Ends it for good. Resolves with its exit code, null where a signal ended it. */
  async stop(signal = 'SIGTERM') {
    this.#isStopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    const [code] = await gone;
    return code;
  }

  #begin() {
    const begin = performance.now();
    const child = spawn(process.execPath, [this.#program], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    child.once('exit', () => {
      if (!this.#isStopping) this.#begin();
    });
    const listens = once(createInterface({ input: child.stdout }), 'line', {
      signal: AbortSignal.timeout(START_TIME),
    });
    this.#up = listens.then(() => performance.now() - begin);
    // One that is killed before it listens says so by its successor.
    this.#up.catch(() => undefined);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
