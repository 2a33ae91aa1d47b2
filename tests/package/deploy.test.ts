import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const page = read('docs/deployment.md');
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, text]) => text!.split('\n'));

/** Who installs the package has no checkout of the repository. */
describe('deploy/, as it comes with the package', () => {
  it('has the files that the documentation names', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    expect(files).toContain('deploy');
    const named = new Set([...page.matchAll(/\bdeploy\/[\w.-]+\w/g)].map(([name]) => name));
    expect(named.size).toBeGreaterThan(3);
    expect([...named].filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('is reached by commands that name where the package lies', () => {
    expect(commands).toContain('DUST="$(npm root --global)/dust-orm"');
    const reaching = commands.filter((line) => /\bdeploy\//.test(line));
    expect(reaching.length).toBeGreaterThan(2);
    expect(reaching.filter((line) => !line.includes('"$DUST/deploy/'))).toEqual([]);
  });

  it('makes an image of what is built, where there are no sources', () => {
    expect(read('deploy/Dockerfile.dockerignore').split('\n')).not.toContain('**/dist');
    const builds = read('deploy/Dockerfile')
      .split('\n')
      .filter((line) => /npm (ci|run build)/.test(line));
    expect(builds.length).toBeGreaterThan(0);
    expect(builds.filter((line) => !line.startsWith('RUN if [ -d src ]; then'))).toEqual([]);
  });
});
