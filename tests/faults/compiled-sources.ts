import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from '@swc/core';

const SOURCES = join(__dirname, '../../src');
const BUILDS = join(__dirname, '.build');

/** What a store consists of: files and folders of src. */
const STORE = [
  'abort-listener.ts',
  'errors.ts',
  'logging.ts',
  'clock.ts',
  'end-all.ts',
  'work-under-way.ts',
  'options',
  'protocol',
  'store',
];

/**
 * The store's sources as plain ECMAScript modules, for child processes that run without Jest. Made before the tests of
 * the calling file and removed after them. Always the sources as they stand, whatever was built last.
 */
export function useCompiledStore(): { readonly folder: string } {
  return useCompiled(STORE);
}

/** As {@link useCompiledStore}, with the nodes of clusters. */
export function useCompiledCluster(): { readonly folder: string } {
  return useCompiled([...STORE, 'deadline-queue.ts', 'seq-waiters.ts', 'transient-map.ts', 'cluster']);
}

/** What is another one in a file of src: the text that is there once, and what takes its place. */
export type Changes = Readonly<Record<string, readonly [text: string, replacement: string]>>;

/** As {@link useCompiledStore}, with the whole package; and with changes, as another version of it. */
export function useCompiledPackage(changes: Changes = {}): { readonly folder: string } {
  return useCompiled(['.'], changes);
}

/** The whole package in a new folder, as {@link useCompiledPackage} has it; whoever asks for it removes the folder. */
export function compilePackage(): string {
  return compileParts(['.'], {});
}

function useCompiled(parts: readonly string[], changes: Changes = {}): { readonly folder: string } {
  const compiled = { folder: '' };
  beforeAll(() => {
    compiled.folder = compileParts(parts, changes);
  });
  afterAll(() => {
    rmSync(compiled.folder, { recursive: true, force: true });
  });
  return compiled;
}

function compileParts(parts: readonly string[], changes: Changes): string {
  for (const name of Object.keys(changes)) statSync(join(SOURCES, name));
  mkdirSync(BUILDS, { recursive: true });
  const folder = mkdtempSync(join(BUILDS, 'store-'));
  for (const file of parts.flatMap((name) => filesIn(join(SOURCES, name)))) {
    compile(file, folder, changes[relative(SOURCES, file)]);
  }
  return folder;
}

/** What Node runs: the studio's page, which a browser does, is of other kinds. */
function filesIn(path: string): string[] {
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
  return path.endsWith('.ts') ? [path] : [];
}

function compile(file: string, folder: string, change: Changes[string] = ['', '']): void {
  const target = join(folder, relative(SOURCES, file).replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, compiledCode(changed(file, change)));
}

/** By their source: a file that two versions share is compiled once. */
const CODE = new Map<string, string>();

function compiledCode(source: string): string {
  const known = CODE.get(source);
  if (known !== undefined) return known;
  const { code } = transformSync(source, {
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true },
    },
  });
  CODE.set(source, code);
  return code;
}

/** @throws Error when what is to be changed is not there, or more than once */
function changed(file: string, [text, replacement]: Changes[string]): string {
  const source = readFileSync(file, 'utf8');
  if (text === '') return source;
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times ${JSON.stringify(text)}`);
  return parts.join(replacement);
}
