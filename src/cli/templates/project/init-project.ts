import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileFailed } from '../../errors.js';
import {
  changeCompilerOptions,
  newCompilerOptions,
  readSettings,
  takesWholeFolder,
} from './compiler-options.js';
import type { Settings } from './compiler-options.js';
import { filesInTheWay, legacyProject } from './errors.js';
import type { EntityNames } from './names.js';
import type { Project } from './project.js';
import { textOf } from './project.js';
import type { Front, Starter, StarterFile } from './starter-files.js';
import { starterFiles } from './starter-files.js';

/** What a person chose. */
export interface InitChoice {
  readonly names: EntityNames;
  readonly front: Front;
  /** The folder of the store; undefined where the environment names a server. */
  readonly data: string | undefined;
  /** Whether files that hold something else are written over. */
  readonly force: boolean;
}

/** What was done in a project. Files are named from its folder on. */
export interface InitResult {
  readonly starter: Starter;
  readonly written: readonly string[];
  /** Those that held the same already. */
  readonly kept: readonly string[];
  /** The options that `tsconfig.json` was given beside those it had. */
  readonly compilerOptions: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Writes the first entity, its store and its first record into a project, and the compiler options that these need. Nothing is written when anything
 * is in the way.
 *
 * @throws DustError `invalid_options` for a file that is in the way or cannot be read, and for decorators that the compiler would not apply;
 * `storage` when a file cannot be written
 */
export async function initProject(project: Project, choice: InitChoice): Promise<InitResult> {
  const { folder, settings, newPackage, isModule } = project;
  const { front, names, data, force } = choice;
  const jsonc = await import('jsonc-parser');
  const found = settings === undefined ? undefined : readSettings(jsonc, settings);
  checkFront(front, project, found);
  const starter: Starter = {
    names,
    front,
    data,
    ending: isModule ? '.js' : '',
    config: found !== undefined && takesWholeFolder(found) ? 'src/ormconfig.ts' : 'ormconfig.ts',
  };
  const compiler =
    settings === undefined
      ? { text: newCompilerOptions(front), set: [], notes: [] }
      : changeCompilerOptions(jsonc, settings, { front, isModule });

  const { fresh, kept, inTheWay } = await compared(folder, starterFiles(starter));
  if (inTheWay.length > 0 && !force) throw filesInTheWay(inTheWay.map(({ path }) => path));
  const files = [
    ...(newPackage === undefined ? [] : [{ path: 'package.json', text: newPackage }]),
    ...(compiler.text === settings ? [] : [{ path: 'tsconfig.json', text: compiler.text }]),
    ...fresh,
    ...inTheWay,
  ];
  for (const file of files) await write(folder, file);
  return {
    starter,
    written: files.map(({ path }) => path),
    kept: kept.map(({ path }) => path),
    compilerOptions: compiler.set,
    notes: [...compiler.notes, ...(await missingBases(folder, found))],
  };
}

/** What is to be said of settings that `tsconfig.json` extends, by a path, and that are not there. */
async function missingBases(folder: string, settings: Settings | undefined): Promise<string[]> {
  const notes: string[] = [];
  for (const base of [settings?.extends].flat()) {
    if (typeof base !== 'string' || !/^\.{0,2}\//.test(base)) continue;
    const file = resolve(folder, base);
    const text = (await textOf(file)) ?? (await textOf(`${file}.json`));
    if (text !== undefined) continue;
    notes.push(`tsconfig.json extends ${base}, which is not there: the compiler refuses to begin.`);
  }
  return notes;
}

function checkFront(front: Front, { isNest }: Project, settings: Settings | undefined): void {
  if (front !== 'es') return;
  if (settings?.compilerOptions?.experimentalDecorators === true) {
    throw legacyProject('tsconfig.json sets experimentalDecorators');
  }
  if (isNest) throw legacyProject('NestJS needs experimentalDecorators');
}

async function compared(
  folder: string,
  files: readonly StarterFile[],
): Promise<Readonly<Record<'fresh' | 'kept' | 'inTheWay', readonly StarterFile[]>>> {
  const sorted = { fresh: [], kept: [], inTheWay: [] } as Record<
    'fresh' | 'kept' | 'inTheWay',
    StarterFile[]
  >;
  for (const file of files) {
    const text = await textOf(join(folder, file.path));
    sorted[text === undefined ? 'fresh' : text === file.text ? 'kept' : 'inTheWay'].push(file);
  }
  return sorted;
}

async function write(folder: string, { path, text }: StarterFile): Promise<void> {
  const file = join(folder, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw fileFailed('written', file, error);
  }
}
