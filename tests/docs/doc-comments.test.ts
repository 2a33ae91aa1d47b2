import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { docCommentExamples, examplesModule } from './doc-comment-examples.js';
import { typeCheck } from './type-check.js';

const root = resolve(__dirname, '../..');
const sources = join(root, 'src');

describe('the examples in doc comments', () => {
  // Inside the repository, so that imports and compiler settings are found as for any other source.
  const parent = join(__dirname, '.build');
  let folder: string;

  beforeAll(() => {
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(join(parent, 'examples-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('compile under the strict settings of this project', () => {
    const examples = readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => docCommentExamples(join(sources, name), `src/${name}`));
    expect(examples.length).toBeGreaterThan(20);
    const file = join(folder, 'examples.ts');
    writeFileSync(file, examplesModule(examples));
    expect(typeCheck([file], join(root, 'tsconfig.json'))).toEqual([]);
  }, 60_000);
});
