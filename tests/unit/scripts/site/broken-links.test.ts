import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokenLinks } from '../../../../scripts/docs/broken-links.js';

describe('brokenLinks', () => {
  let site: string;

  beforeEach(() => {
    site = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-site-'));
    mkdirSync(join(site, 'guides'));
    writeFileSync(join(site, 'style.css'), '');
    writeFileSync(
      join(site, 'guides/errors.html'),
      '<h2 id="by-hand">By hand</h2> <a href="../index.html">up</a>',
    );
  });

  afterEach(() => {
    rmSync(site, { recursive: true, force: true });
  });

  const broken = (html: string): readonly string[] => {
    writeFileSync(join(site, 'index.html'), html);
    return brokenLinks(site);
  };

  it('lets pass what leads to a file, to a place in a page, and out of the site', () => {
    expect(
      broken(
        `<link href="style.css?v=1"><i id="top"></i><a href="#top"></a><a href="#"></a><a href="guides/errors.html"></a>
         <a href="guides/errors.html#by-hand"></a><a href="https://example.org/x"></a><a href="mailto:a@example.org"></a>
         <script>document.write('<a href="nowhere.html">')</script>`,
      ),
    ).toEqual([]);
  });

  it.each(['guides/gone.html', 'guides/errors.html#by-foot', '#bottom', 'guides', '../outside.html'])(
    'finds %s',
    (link) => {
      expect(broken(`<a class="x" href="${link}">`)).toEqual([
        `index.html links to ${link}, which is not there.`,
      ]);
    },
  );

  it('takes links from the root for those below the path that the site is served at', () => {
    writeFileSync(
      join(site, 'index.html'),
      '<a href="/docs/"></a><a href="/docs/guides/errors.html#by-hand"></a><a href="/docs/gone.html"></a><a href="/guides/errors.html"></a><a href="/docs/guides/"></a>',
    );
    expect(brokenLinks(site, '/docs/')).toEqual([
      'index.html links to /docs/gone.html, which is not there.',
      'index.html links to /guides/errors.html, which is not there.',
      'index.html links to /docs/guides/, which is not there.',
    ]);
  });

  it('finds images, and names each link of a page once', () => {
    expect(broken('<img src="gone.png"> <img src="gone.png">')).toEqual([
      'index.html links to gone.png, which is not there.',
    ]);
  });
});
