// Programs that a check starts, and ends by their ids.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program whose output is kept, and said when something goes wrong. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-20_000);
    });
  }
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.once('error', (error) => resolve(error.message));
  });
  return {
    exited,
    output: () => output,
    /** Resolves to what the program ends with. */
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Resolves when something listens there. */
export async function listens(port, program, patience = 60_000) {
  const end = Date.now() + patience;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      program.exited.then((code) => {
        throw new Error(`the program ended with ${code}:\n${program.output()}`);
      }),
    ]);
    socket.destroy();
    if (open) return;
    if (Date.now() > end) throw new Error(`nothing listens at port ${port}:\n${program.output()}`);
    await wait(50);
  }
}

/** Asks until the answer is what is wanted. */
export async function until(what, ask, patience = 60_000) {
  const end = Date.now() + patience;
  for (;;) {
    if (await ask()) return;
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}`);
    await wait(50);
  }
}
