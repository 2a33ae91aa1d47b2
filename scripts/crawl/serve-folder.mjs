// A web server for a folder of files on loopback, as strict as a site can be asked to live with.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

/** Scripts from the site only. Highlighted code has its colours in `style` attributes. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Serves the files of `folder` at the path `base`. */
export async function serveFolder(folder, base) {
  const server = createServer((request, response) => {
    answer(folder, base, request.url).then(
      ([status, type, body]) => {
        response.writeHead(status, { 'content-type': type, 'content-security-policy': POLICY });
        response.end(body);
      },
      (error) => {
        response.destroy(error);
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function answer(folder, base, target) {
  const path = decodeURIComponent(new URL(target, 'http://localhost').pathname);
  const missing = [404, 'text/plain', 'not found'];
  if (!path.startsWith(base)) return missing;
  const name = path.slice(base.length);
  const file = normalize(join(folder, name === '' || name.endsWith('/') ? `${name}index.html` : name));
  if (!file.startsWith(folder + sep)) return missing;
  try {
    return [200, TYPES[extname(file)] ?? 'application/octet-stream', await readFile(file)];
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return missing;
    throw error;
  }
}
