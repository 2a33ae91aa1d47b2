import type * as Jsonc from 'jsonc-parser';
import { projectFileUnreadable } from './errors.js';
import type { Front } from './starter-files.js';

/** What a new `tsconfig.json` says. */
const NEW = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
  },
  include: ['src'],
};

/** Older targets, without whose libraries the declarations of this package do not compile. */
const OLD_TARGET = /^(es3|es5|es6|es201[5-7])$/i;
/** Libraries that have what the declarations of this package name. */
const NEW_LIB = /^(es2018|es2019|es20[2-9]\d|esnext)$/i;

/** Targets that are older than what is written here. */
const OLDER_THAN_WRITTEN = /^es(3|5|6|201\d|202[01])$/i;

/** What a `tsconfig.json` is to say, and what was changed for it. */
export interface CompilerChange {
  readonly text: string;
  /** The options that were set, such as `experimentalDecorators`; empty where nothing is to be changed. */
  readonly set: readonly string[];
  /** What a person has to know, or to do. */
  readonly notes: readonly string[];
}

/** What is known of the project when its compiler options are chosen. */
export interface CompilerNeeds {
  readonly front: Front;
  /** Whether `package.json` says that it is of ECMAScript modules. */
  readonly isModule: boolean;
}

/** What a `tsconfig.json` says, as far as it matters here. */
export interface Settings {
  readonly extends?: unknown;
  readonly files?: unknown;
  readonly include?: unknown;
  readonly references?: unknown;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** The compiler options in the text of a `tsconfig.json`. @throws DustError `invalid_options` when it cannot be read */
export function readSettings(jsonc: typeof Jsonc, text: string, file = 'tsconfig.json'): Settings {
  const errors: Jsonc.ParseError[] = [];
  const settings: unknown = jsonc.parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw projectFileUnreadable(file, `${jsonc.printParseErrorCode(first.error)} in line ${line}`);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw projectFileUnreadable(file, 'it is no object');
  }
  return settings;
}

/** The text of a new `tsconfig.json`. */
export function newCompilerOptions(front: Front): string {
  const decorators = front === 'legacy' ? { experimentalDecorators: true, emitDecoratorMetadata: true } : {};
  const settings = { ...NEW, compilerOptions: { ...NEW.compilerOptions, ...decorators } };
  // A list of one stands on its line, as people write it.
  return `${JSON.stringify(settings, undefined, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`;
}

/**
 * Sets what entities need in the text of a `tsconfig.json`, and leaves the rest of it as it stands, comments and order too.
 *
 * @throws DustError `invalid_options` when it cannot be read
 */
export function changeCompilerOptions(
  jsonc: typeof Jsonc,
  text: string,
  { front, isModule }: CompilerNeeds,
): CompilerChange {
  const settings = readSettings(jsonc, text);
  const { compilerOptions: options = {} } = settings;
  const isComplete = settings.extends === undefined;
  const wanted: [string, unknown][] = [];
  if (front === 'legacy') {
    for (const name of ['experimentalDecorators', 'emitDecoratorMetadata']) {
      if (options[name] !== true) wanted.push([name, true]);
    }
  }
  if (isComplete && options.target === undefined) wanted.push(['target', 'es2022']);
  if (isComplete && isModule && options.module === undefined) wanted.push(['module', 'nodenext']);
  const lib = libOf(options);
  if (lib !== undefined) wanted.push(['lib', lib]);

  const formattingOptions = formatOf(text);
  let changed = text;
  for (const [name, value] of wanted) {
    const edits = jsonc.modify(changed, ['compilerOptions', name], value, { formattingOptions });
    changed = jsonc.applyEdits(changed, edits);
  }
  return { text: changed, set: wanted.map(([name]) => name), notes: notesOn(settings, isModule) };
}

/** The libraries to be named, where those that count are too old; those that were there, or that a target stands for, stay. */
function libOf({ lib, target }: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  if (Array.isArray(lib)) {
    const named: readonly unknown[] = lib;
    return named.some((each) => typeof each === 'string' && NEW_LIB.test(each))
      ? undefined
      : [...named, 'es2022'];
  }
  return typeof target === 'string' && OLD_TARGET.test(target) ? ['es2022', 'dom'] : undefined;
}

function notesOn({ references, files, compilerOptions = {} }: Settings, isModule: boolean): string[] {
  const notes: string[] = [];
  if (Array.isArray(references) && Array.isArray(files) && files.length === 0) {
    notes.push('tsconfig.json only refers to others: set the same options in the one that compiles src.');
  }
  const { target } = compilerOptions;
  if (typeof target === 'string' && OLDER_THAN_WRITTEN.test(target)) {
    const why = /^es[35]$/i.test(target) ? 'TypeScript 6 refuses it' : 'it is left as it is';
    notes.push(`The target ${target} is older than es2022, which the written files are meant for; ${why}.`);
  }
  if (!isModule && compilerOptions.verbatimModuleSyntax === true) {
    notes.push(
      'verbatimModuleSyntax refuses import in a project of CommonJS: run npm pkg set type=module, or switch it off in tsconfig.json.',
    );
  }
  return notes;
}

/** How the text is laid out, so that what is added looks like the rest. */
function formatOf(text: string): Jsonc.FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** Whether the compiler takes files of the project's folder itself, and not only those of `src`. */
export function takesWholeFolder({ include, files }: Settings): boolean {
  if (!Array.isArray(include)) return !Array.isArray(files);
  return !include.every((each) => typeof each === 'string' && /^(\.\/)?src(\/|$)/.test(each));
}
