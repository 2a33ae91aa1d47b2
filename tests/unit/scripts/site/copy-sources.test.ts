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
import { join } from 'node:path';
import { copySources } from '../../../../scripts/docs/copy-sources.js';

describe('what pages of the site link to', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-sources-'));
    mkdirSync(join(root, 'deploy/parts'), { recursive: true });
    writeFileSync(join(root, 'deploy/Dockerfile'), 'FROM node');
    writeFileSync(join(root, 'deploy/a.png'), '');
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('has a copy of a file, as text where it is some', () => {
    copySources(root, 'deploy/Dockerfile', join(root, 'site'));
    expect(readFileSync(join(root, 'site/source/deploy/Dockerfile.txt'), 'utf8')).toBe('FROM node');
  });

  it('has the files of a folder, and a page that leads to each', () => {
    copySources(root, 'deploy', join(root, 'site'));
    const copy = join(root, 'site/source/deploy');
    expect(readdirSync(copy).toSorted()).toEqual(['Dockerfile.txt', 'a.png', 'index.html']);
    const links = [...readFileSync(join(copy, 'index.html'), 'utf8').matchAll(/href="([^"]*)"/g)];
    expect(links.map(([, link]) => link).toSorted()).toEqual(['Dockerfile.txt', 'a.png']);
  });
});
