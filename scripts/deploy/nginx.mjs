// An nginx of this check's own, unprivileged and on loopback, with deploy/nginx.conf as its only site.
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listens, start } from './running.mjs';

/** Nobody, where the check itself is root. */
const NOBODY = 65_534;

/** The site with the ports of this check; each of its own must be there once. */
function siteWith(text, ports) {
  return Object.entries(ports).reduce((site, [own, port]) => {
    if (site.split(own).length !== 2) throw new Error(`deploy/nginx.conf does not name ${own} once.`);
    return site.replace(own, own.replace(/\d+(?=;?$)/, String(port)));
  }, text);
}

/** Writes the configuration. What it gives starts nginx, as often as it is asked to. */
export function prepareNginx({ program, root, folder, ports }) {
  const site = siteWith(readFileSync(join(root, 'deploy/nginx.conf'), 'utf8'), {
    'listen 8080;': ports.site,
    'server 127.0.0.1:7755;': ports.dust,
    'server 127.0.0.1:3000;': ports.service,
  }).replace(/^ {2}listen /m, '  listen 127.0.0.1:');
  mkdirSync(folder, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${join(folder, kind)};`,
  );
  const file = join(folder, 'nginx.conf');
  const text = [
    'daemon off;',
    'worker_processes 1;',
    `pid ${join(folder, 'nginx.pid')};`,
    'events { worker_connections 1024; }',
    'http {',
    ...temporary,
    '  access_log off;',
    site,
    '}',
  ];
  writeFileSync(file, text.join('\n'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  return async () => {
    const nginx = start(program, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], {
      ...(isRoot && { uid: NOBODY, gid: NOBODY }),
    });
    await listens(ports.site, nginx);
    return nginx;
  };
}
