import { unknownOptionText } from '../../options/index.js';
import type { FieldDeclaration } from '../declarations.js';
import { schemaProblem } from '../standard-schema.js';
import { checkOverTime } from './check-over-time.js';
import type { FieldRole } from '../types.js';

const ALL = [
  'name',
  'type',
  'required',
  'nullable',
  'default',
  'transformer',
  'enum',
  'array',
  'unique',
  'select',
  'coerce',
  'insert',
  'update',
  'from',
  'applyOnRead',
  'schema',
];

/** Those of them that `@Ref` takes, with its own. */
const REFERENCE = [
  ...ALL.filter((option) => !['type', 'transformer', 'enum', 'coerce', 'select'].includes(option)),
  'as',
  'index',
];

/** The options a decorator understands. */
const PERMITTED: Record<FieldRole, readonly string[]> = {
  plain: ALL,
  counter: ['name', 'from'],
  set: ['name', 'type', 'enum', 'from'],
  file: ['name', 'required', 'nullable'],
  version: [],
  createdAt: ['name', 'from'],
  updatedAt: ['name', 'from'],
  deletedAt: ['name', 'from'],
};

const FLAGS = [
  'required',
  'nullable',
  'array',
  'unique',
  'select',
  'coerce',
  'insert',
  'update',
  'applyOnRead',
] as const;

/** What is wrong with a field's options in themselves, in full sentences. */
export function checkFieldOptions({ role, decorator, options }: FieldDeclaration): string[] {
  const problems: string[] = [];
  const isReference = decorator === 'Ref';
  const permitted = isReference ? REFERENCE : PERMITTED[role];
  for (const option of Object.keys(options)) {
    if (permitted.includes(option) || (isReference && option === 'type')) continue;
    problems.push(unknownOptionText(`@${decorator}`, option, permitted));
  }
  if (options.name !== undefined && typeof options.name !== 'string') {
    problems.push('its name is not a string.');
  }
  for (const option of FLAGS) {
    const value: unknown = options[option];
    if (value !== undefined && typeof value !== 'boolean') problems.push(`${option} must be true or false.`);
  }
  if (options.required === true && options.nullable === true) {
    problems.push('a required field always has a value, so it cannot be nullable. Drop one of the two.');
  }
  if (options.required === true && options.insert === false && options.default === undefined) {
    problems.push(
      'every record has a required field, so an insert has to write it. Drop insert: false, or give it a default.',
    );
  }
  for (const problem of checkOverTime(options)) problems.push(problem);
  if (!transformersOf(options).every(isTransformer)) {
    problems.push('a transformer needs two functions, to (towards the store) and from (back).');
  }
  const misfit = schemaProblem(options.schema);
  if (misfit !== undefined) problems.push(misfit);
  return problems;
}

/** The transformers of a field, in the order in which they run towards the store. */
export function transformersOf({ transformer }: FieldDeclaration['options']) {
  if (transformer === undefined) return [];
  return isTransformerList(transformer) ? transformer : [transformer];
}

function isTransformerList<T>(transformer: T | readonly T[]): transformer is readonly T[] {
  return Array.isArray(transformer);
}

function isTransformer(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'to') === 'function' &&
    typeof Reflect.get(value, 'from') === 'function'
  );
}
