import { nameOnSite } from '../../../../scripts/docs/linked-files.js';

describe('a file that a page of the site links to', () => {
  it.each([
    'app.ts',
    'links.router.test.ts',
    'note-editor.js',
    'build.mjs',
    'options.cts',
    'errors.md',
    'deploy/Dockerfile',
    'nginx.conf',
  ])('is text when it is source code: %s', (name) => {
    expect(nameOnSite(name)).toBe(`${name}.txt`);
  });

  it.each(['express-live.png', 'LICENSE', 'data.json', 'notes.txt'])(
    'keeps its name otherwise: %s',
    (name) => {
      expect(nameOnSite(name)).toBe(name);
    },
  );
});
