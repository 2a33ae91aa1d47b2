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

/** As {@link useCompiledStore}, with the whole package. */
export function useCompiledPackage(): { readonly folder: string } {
  return useCompiled(['.']);
}

/** The whole package in a new folder, as {@link useCompiledPackage} has it; whoever asks for it removes the folder. */
export function compilePackage(): string {
  return compileParts(['.']);
}

function useCompiled(parts: readonly string[]): { readonly folder: string } {
  const compiled = { folder: '' };
  beforeAll(() => {
    compiled.folder = compileParts(parts);
  });
  afterAll(() => {
    rmSync(compiled.folder, { recursive: true, force: true });
  });
  return compiled;
}

function compileParts(parts: readonly string[]): string {
  mkdirSync(BUILDS, { recursive: true });
  const folder = mkdtempSync(join(BUILDS, 'store-'));
  for (const file of parts.flatMap((name) => filesIn(join(SOURCES, name)))) compile(file, folder);
  return folder;
}

function filesIn(path: string): string[] {
  return statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => filesIn(join(path, name)))
    : [path];
}

function compile(file: string, folder: string): void {
  const target = join(folder, relative(SOURCES, file).replace(/\.ts$/, '.js'));
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true },
    },
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
}
