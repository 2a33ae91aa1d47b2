import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const STUDIO = join(__dirname, '../../dist/studio');
/** Bytes of JavaScript, as they are loaded. What is more than this is worth a thought. */
const MOST_SCRIPT = 120_000;

const read = (name: string) => readFileSync(join(STUDIO, name), 'utf8');

describe('the studio’s page, as it is built', () => {
  it('is three files', () => {
    expect(readdirSync(STUDIO).sort()).toEqual(['app.css', 'app.js', 'index.html']);
  });

  it('has little JavaScript', () => {
    const size = Buffer.byteLength(read('app.js'));
    expect(size).toBeLessThan(MOST_SCRIPT);
    expect(size).toBeGreaterThan(10_000);
  });

  it('has nothing inline, and nothing from elsewhere', () => {
    const html = read('index.html');
    expect(html).not.toMatch(/<style|style=|<script>|\son\w+=|javascript:/i);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual([
      'data:,',
      'app.css',
      'app.js',
    ]);
    expect(read('app.css')).not.toMatch(/@import|url\(/);
    expect(read('app.js')).not.toMatch(/\beval\(|new Function\(|\bimport\(/);
  });

  it('brings the files that package.json sends along', () => {
    const { files } = JSON.parse(readFileSync(join(STUDIO, '../../package.json'), 'utf8')) as {
      files: string[];
    };
    expect(files).toContain('dist/studio');
  });
});
