// Checks deploy/ as far as one machine without Docker can: what the Dockerfile promises, with its steps done in a scratch folder; the site of nginx
// in front of `dust-orm serve`, with 50 clients of the channel that write and a stream of server-sent events, through a proxy that is cut off and a
// server that drains and comes back; and the unit of systemd, where there is a systemd-analyze.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inPath } from './ensure/debian-package.mjs';
import { readDockerfile } from './deploy/dockerfile.mjs';
import { prepareNginx } from './deploy/nginx.mjs';
import { installPacked } from './deploy/packed.mjs';
import { freePort, listens, start, until } from './deploy/running.mjs';

const CLIENTS = 50;
const STORE = 'acme/notes';
/** Whom no client follows. */
const OTHER_STORE = 'acme/large';
const TOKEN = 'dust_tok_of_the_check_of_deploy';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-deploy-'));
// nginx looks in as somebody else.
chmodSync(scratch, 0o755);
const say = (text) => console.log(`deploy: ${text}`);
const running = [];
const keep = (program) => {
  running.push(program);
  return program;
};

/** The command of the image, in the scratch folder and at another port. */
function commandOf(image, port) {
  const place = {
    [image.volume]: join(scratch, 'data'),
    '0.0.0.0': '127.0.0.1',
    [String(image.port)]: String(port),
  };
  return image.command.map((word) =>
    word.startsWith(`${image.workFolder}/`)
      ? join(scratch, word.slice(image.workFolder.length))
      : (place[word] ?? word),
  );
}

function isHealthy(image, port) {
  const [node, ...args] = image.health.map((word) => word.replace(`:${image.port}/`, `:${port}/`));
  return spawnSync(node, args, { stdio: 'ignore' }).status === 0;
}

const statusOf = (url) =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => undefined,
  );

/** A stream of server-sent events, and how many messages came of it since they were last counted. */
async function follow(url) {
  const controller = new AbortController();
  const answer = await fetch(url, { signal: controller.signal });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  let messages = 0;
  const ended = (async () => {
    for await (const chunk of answer.body) messages += Buffer.from(chunk).toString().split('\n\n').length - 1;
  })().catch(() => undefined);
  return {
    take: () => {
      const taken = messages;
      messages = 0;
      return taken;
    },
    leave: async () => {
      controller.abort();
      await ended;
    },
  };
}

function startClients(url, port) {
  const args = ['clients.mjs', url, TOKEN, STORE, String(CLIENTS), String(port)];
  const child = spawn(process.execPath, args, { cwd: scratch, stdio: ['pipe', 'pipe', 'inherit'] });
  keep({ stop: async () => child.kill('SIGKILL') });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the clients ended before they were told to');
    return JSON.parse(value);
  };
  return {
    ready: next,
    stop: () => {
      child.stdin.write('stop\n');
      return next();
    },
  };
}

async function checkProxy(image) {
  const program = execFileSync(process.execPath, [join(root, 'scripts/ensure/nginx.mjs')], {
    encoding: 'utf8',
  }).trim();
  const ports = { site: await freePort(), dust: await freePort(), service: await freePort() };
  const [node, ...args] = commandOf(image, ports.dust);
  const serve = async () => {
    const server = keep(
      start(node, [...args, '--store', STORE, '--store', OTHER_STORE], {
        env: { ...process.env, DUST_TOKEN: TOKEN },
        cwd: scratch,
      }),
    );
    await listens(ports.dust, server);
    return server;
  };
  let server = await serve();
  await until('the health check of the image passes', () => isHealthy(image, ports.dust));
  say('the image: its command serves, its health check passes');

  const startNginx = prepareNginx({ program, root, folder: join(scratch, 'nginx'), ports });
  let nginx = keep(await startNginx());
  const site = `http://127.0.0.1:${ports.site}`;
  const clients = startClients(site, ports.service);
  await clients.ready();
  let stream = await follow(`${site}/live/notes`);
  await until('messages come through the proxy as they are made', () => stream.take() > 3);
  if ((await statusOf(`${site}/metrics`)) !== 404) throw new Error('/metrics is open to the outside');
  const body = JSON.stringify('x'.repeat(8 * 1024 * 1024 - 100));
  const large = await fetch(`${site}/api/stores/${OTHER_STORE}/entries/large`, {
    method: 'PUT',
    body,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  });
  if (large.status !== 200) throw new Error(`a body of 8 MiB was answered ${large.status}`);
  say(`nginx: ${CLIENTS} clients write through it, and a stream is not held back`);

  await nginx.stop('SIGTERM');
  await stream.leave();
  nginx = keep(await startNginx());
  stream = await follow(`${site}/live/notes`);
  await until('messages come again', () => stream.take() > 3);
  say('nginx: it was cut off, and clients came back');

  const exited = server.stop('SIGTERM');
  await until('it is not ready', async () => (await statusOf(`${site}/readyz`)) === 503);
  stream.take();
  await wait(1_000);
  if (stream.take() === 0) throw new Error('nobody writes any more while the server drains');
  const code = await exited;
  if (code !== 0) throw new Error(`the server ended with ${code}:\n${server.output()}`);
  server = await serve();
  await until('messages come again', () => stream.take() > 3);
  say('serve: it drained and came back, and clients with it');

  await stream.leave();
  const { acknowledged, missing, failures } = await clients.stop();
  if (missing.length > 0) throw new Error(`${missing.length} acknowledged writes are not there`);
  say(`${acknowledged} acknowledged writes, all there for each client; ${failures.length} writes failed`);
  for (const failure of new Set(failures)) say(`  ${failure}`);
  await nginx.stop();
  await server.stop('SIGKILL');
}

function checkUnit() {
  const analyze = inPath('systemd-analyze');
  if (analyze === undefined) {
    say('left out: the unit of systemd, as there is no systemd-analyze');
    return;
  }
  const unit = readFileSync(join(root, 'deploy/dust-orm.service'), 'utf8');
  const program = join(scratch, 'node_modules/.bin/dust-orm');
  if (!unit.includes('ExecStart=/usr/bin/dust-orm serve ')) throw new Error('The unit runs something else.');
  const folder = join(scratch, 'units');
  mkdirSync(folder);
  const file = join(folder, 'dust-orm.service');
  writeFileSync(file, unit.replace('/usr/bin/dust-orm', program));
  const { status, stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', file], { encoding: 'utf8' });
  // What it says of other units of this machine is none of ours.
  const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('dust-orm.service'));
  if (ours.length > 0) throw new Error(`systemd-analyze verify:\n${ours.join('\n')}`);
  say(status === 0 ? 'systemd: the unit is well formed' : 'systemd: nothing is said of the unit');
}

let failed = false;
try {
  const image = readDockerfile(join(root, 'deploy/Dockerfile'), root);
  installPacked({ root, folder: scratch, install: image.install });
  mkdirSync(join(scratch, 'data'));
  say('the Dockerfile: two stages, all that it copies is there, exec forms, not root; its steps can be done');
  checkUnit();
  await checkProxy(image);
} catch (error) {
  failed = true;
  console.error(`deploy: ${error.stack}`);
} finally {
  for (const program of running.reverse()) await program.stop('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
