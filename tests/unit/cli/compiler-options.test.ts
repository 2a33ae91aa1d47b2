import * as jsonc from 'jsonc-parser';
import ts from 'typescript';
import {
  changeCompilerOptions,
  newCompilerOptions,
  takesWholeFolder,
} from '../../../src/cli/templates/project/compiler-options.js';
import type { CompilerNeeds } from '../../../src/cli/templates/project/compiler-options.js';

const LEGACY: CompilerNeeds = { front: 'legacy', isModule: false };
const change = (text: string, needs = LEGACY) => changeCompilerOptions(jsonc, text, needs);

/** The options as TypeScript reads them. */
function readByTypeScript(text: string): Record<string, unknown> {
  const { config, error } = ts.parseConfigFileTextToJson('tsconfig.json', text);
  expect(error).toBeUndefined();
  return config.compilerOptions;
}

it('leaves comments, order, commas and the line ends of a file as they are', () => {
  const text = [
    '// ours',
    '{',
    '\t"include": ["src"], /* here */',
    '\t"compilerOptions": {',
    '\t\t// "experimentalDecorators": true,',
    '\t\t"target": "es2022", // as Node has it',
    '\t\t"strict": true, // always',
    '\t},',
    '}',
    '',
  ].join('\r\n');
  const { text: changed, set } = change(text);
  expect(set).toEqual(['experimentalDecorators', 'emitDecoratorMetadata']);
  expect(readByTypeScript(changed)).toEqual({
    target: 'es2022',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  });
  for (const line of text.split('\r\n')) expect(changed).toContain(line.replace(/,? \/\/ always$/, ''));
  expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  expect(changed).toContain('\n\t\t"emitDecoratorMetadata": true');
});

it('changes nothing where all is set', () => {
  const { text } = change('{ "compilerOptions": { "target": "es2022" } }');
  expect(change(text)).toEqual({ text, set: [], notes: [] });
});

it.each([
  ['{}', LEGACY, { target: 'es2022', experimentalDecorators: true, emitDecoratorMetadata: true }],
  ['{"extends":"./base.json"}', LEGACY, { experimentalDecorators: true, emitDecoratorMetadata: true }],
  ['{}', { front: 'define', isModule: true }, { target: 'es2022', module: 'nodenext' }],
  [
    '{"compilerOptions":{"target":"ES5"}}',
    { front: 'define', isModule: false },
    { target: 'ES5', lib: ['es2022', 'dom'] },
  ],
  [
    '{"compilerOptions":{"target":"es2020","lib":["dom","es6"]}}',
    { front: 'es', isModule: true },
    { target: 'es2020', lib: ['dom', 'es6', 'es2022'], module: 'nodenext' },
  ],
  [
    '{"compilerOptions":{"target":"es2020","lib":["ES2021"],"module":"esnext"}}',
    { front: 'es', isModule: true },
    { target: 'es2020', lib: ['ES2021'], module: 'esnext' },
  ],
] as const)('%s becomes what %j needs', (text, needs, expected) => {
  expect(readByTypeScript(change(text, needs).text)).toEqual(expected);
});

it('says what it cannot mend', () => {
  const solution = '{"files":[],"references":[{"path":"./tsconfig.app.json"}]}';
  expect(change(solution).notes).toEqual([expect.stringContaining('only refers to others')]);
  const verbatim = '{"compilerOptions":{"verbatimModuleSyntax":true}}';
  expect(change(verbatim).notes).toEqual([expect.stringContaining('npm pkg set type=module')]);
  expect(change(verbatim, { front: 'legacy', isModule: true }).notes).toEqual([]);
});

it.each([
  ['es5', 'TypeScript 6 refuses it'],
  ['ES2021', 'older than es2022'],
])('remarks on the target %s, and leaves it', (target, note) => {
  const { text, notes } = change(JSON.stringify({ compilerOptions: { target } }));
  expect(readByTypeScript(text)).toMatchObject({ target });
  expect(notes).toEqual([expect.stringContaining(note)]);
});

it.each(['es2022', 'ES2024', 'esnext'])('says nothing of the target %s', (target) => {
  expect(change(JSON.stringify({ compilerOptions: { target } })).notes).toEqual([]);
});

it('refuses what is no JSON, and names the line', () => {
  expect(() => change('{\n  "compilerOptions": {\n    "strict" true\n  }\n}')).toThrow(
    'tsconfig.json cannot be read: ColonExpected in line 3. Nothing was written.',
  );
  expect(() => change('[]')).toThrow('it is no object');
});

it('a new file has decorators for those who ask for them', () => {
  expect(readByTypeScript(newCompilerOptions('legacy'))).toMatchObject({ experimentalDecorators: true });
  expect(readByTypeScript(newCompilerOptions('es'))).not.toHaveProperty('experimentalDecorators');
});

it.each([
  [{}, true],
  [{ files: ['src/main.ts'] }, false],
  [{ include: ['src', './src/**/*'] }, false],
  [{ include: ['src', 'tests'] }, true],
  [{ include: ['srcs'] }, true],
])('%j takes the whole folder: %s', (settings, expected) => {
  expect(takesWholeFolder(settings)).toBe(expected);
});
