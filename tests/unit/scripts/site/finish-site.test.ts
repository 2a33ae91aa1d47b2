import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finishSite } from '../../../../scripts/docs/finish-site.js';

describe('a site that is finished', () => {
  let site: string;

  beforeEach(() => {
    site = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-site-'));
  });

  afterEach(() => {
    rmSync(site, { recursive: true, force: true });
  });

  const write = (name: string, html: string): void => {
    mkdirSync(dirname(join(site, name)), { recursive: true });
    writeFileSync(join(site, name), html);
  };
  const read = (name: string): string => readFileSync(join(site, name), 'utf8');

  it('has each script of its pages in a file', () => {
    write('a.html', '<script id="x">go()</script><script src="b.js"></script>');
    write('deep/b.html', '<script>go()</script><script type="application/json">{}</script>');
    finishSite(site, '/docs/');
    const [name] = readdirSync(join(site, 'assets'));
    expect(read(`assets/${name}`)).toBe('go()');
    expect(read('a.html')).toBe(`<script src="/docs/assets/${name}"></script><script src="b.js"></script>`);
    expect(read('deep/b.html')).toBe(
      `<script src="/docs/assets/${name}"></script><script type="application/json">{}</script>`,
    );
  });

  it('leads from the reference to the pages of the guide', () => {
    write(
      'reference/classes/A.html',
      '<a href="../media/protocol.md#4-channel"></a><a href="guide:getting-started"></a><a href="../media/x.png"></a>',
    );
    write('a.html', '<a href="media/protocol.md"></a>');
    finishSite(site, '/');
    expect(read('reference/classes/A.html')).toBe(
      '<a href="../../protocol.html#4-channel"></a><a href="../../getting-started.html"></a><a href="../media/x.png"></a>',
    );
    expect(read('a.html')).toBe('<a href="media/protocol.md"></a>');
  });
});
