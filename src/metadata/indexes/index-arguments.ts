import { unknownOptionText } from '../../options/index.js';
import type { IndexDeclaration } from '../declarations.js';

/** What an index was declared with, checked as far as that goes without the fields. */
export interface IndexArguments {
  readonly name?: string;
  /** Below the class that has the decorator. */
  readonly properties: readonly string[];
  readonly unique: boolean;
}

type Report = (text: string) => void;

const OPTIONS = ['unique'];

/** Reads what `@Index` and `@Unique` were given; undefined, and a report, where it cannot be made out. */
export function readIndexArguments(
  { decorator, decorated, args }: IndexDeclaration,
  report: Report,
): IndexArguments | undefined {
  const rest = args.filter((arg) => arg !== undefined);
  const name = typeof rest[0] === 'string' ? rest.shift() : undefined;
  const list = Array.isArray(rest[0]) ? (rest.shift() as readonly unknown[]) : undefined;
  const options = decorator === 'Index' ? rest.shift() : undefined;
  if (rest.length > 0 || (options !== undefined && !isOptions(options))) {
    report(`${forms(decorator)} Properties are named in a list of strings.`);
    return undefined;
  }
  if (name === '') report('the name of its index is empty. Leave it out, or name it.');
  const properties =
    decorated === undefined ? listed(decorator, list, report) : own(decorator, decorated, list, report);
  const unique = decorator === 'Unique' || isUnique(options ?? {}, report);
  return properties && { ...(typeof name === 'string' && { name }), properties, unique };
}

function forms(decorator: IndexDeclaration['decorator']): string {
  return decorator === 'Index'
    ? "@Index takes a name, a list of properties and options, each of which may be left out: @Index('newest', ['state', 'createdAt'], { unique: true })."
    : "@Unique takes a name and a list of properties: @Unique('one_account', ['tenant', 'email']).";
}

function isOptions(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listed(
  decorator: string,
  list: readonly unknown[] | undefined,
  report: Report,
): readonly string[] | undefined {
  if (list === undefined || list.length === 0) {
    report(`@${decorator} on a class names its properties. Write @${decorator}(['state', 'createdAt']).`);
    return undefined;
  }
  const properties = list.filter((property) => typeof property === 'string');
  if (properties.length === list.length) return properties;
  report(
    `@${decorator} has something else than a name in its list of properties. Write @${decorator}(['state', 'createdAt']).`,
  );
  return undefined;
}

function own(
  decorator: string,
  { property }: NonNullable<IndexDeclaration['decorated']>,
  list: readonly unknown[] | undefined,
  report: Report,
): readonly string[] | undefined {
  if (list !== undefined) {
    report(`@${decorator} on a property is about that one. Leave the list out, or put it on the class.`);
    return undefined;
  }
  if (typeof property === 'string') return [property];
  report('an indexed property has a name, and is no symbol.');
  return undefined;
}

function isUnique(options: object, report: Report): boolean {
  for (const option of Object.keys(options)) {
    if (!OPTIONS.includes(option)) report(unknownOptionText('@Index', option, OPTIONS));
  }
  const unique: unknown = Reflect.get(options, 'unique');
  if (unique !== undefined && typeof unique !== 'boolean') report('unique must be true or false.');
  return unique === true;
}
