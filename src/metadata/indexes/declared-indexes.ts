import type { IndexDeclaration } from '../declarations.js';
import type { MetadataProblem } from '../errors.js';
import type { DeclaredIndex, Lineage } from '../lineage.js';
import { lineageOf } from '../lineage.js';
import type { EntityClass, FieldMetadata } from '../types.js';
import type { IndexArguments } from './index-arguments.js';
import { readIndexArguments } from './index-arguments.js';

/** An index as an entity has it, with the properties as they are named from there. */
export interface IndexWish extends IndexArguments {
  readonly declaration: IndexDeclaration;
  /** The class that has the decorator. */
  readonly owner: object;
}

type Report = (problem: MetadataProblem) => void;

const ENDLESS =
  "it contains itself, so that indexes which it declares have no end. Declare those that are needed on the entity: @Index(['root.name']).";

/** What a class declares, its base classes and the nested classes that it has fields of. */
export function declaredIndexes(
  lineage: Lineage,
  fields: readonly FieldMetadata[],
  report: Report,
): IndexWish[] {
  return [
    ...lineage.indexes.flatMap((declared) => read(declared, [], report)),
    ...inNested(fields, [], [], report),
  ];
}

function inNested(
  fields: readonly FieldMetadata[],
  above: readonly string[],
  around: readonly EntityClass[],
  report: Report,
): IndexWish[] {
  return fields.flatMap((field) => {
    const { nestedClass, nestedFields, propertyName } = field;
    if (nestedClass === undefined) return [];
    const { indexes } = lineageOf(nestedClass);
    const property = [...above, propertyName].join('.');
    const reportNested = ({ property: inner, text }: MetadataProblem): void => {
      const where = inner === undefined ? nestedClass.name : `${nestedClass.name}.${inner}`;
      report({ property, text: `the nested class ${where}: ${text}` });
    };
    if (indexes.length > 0) {
      const problem = around.includes(nestedClass) ? ENDLESS : nestedProblem(field, indexes);
      if (problem !== undefined) {
        reportNested({ text: problem });
        return [];
      }
    }
    if (field.array || nestedFields === undefined || around.includes(nestedClass)) return [];
    const names = [...above, propertyName];
    return [
      ...indexes.flatMap((declared) => read(declared, names, reportNested)),
      ...inNested(nestedFields, names, [...around, nestedClass], report),
    ];
  });
}

/** What keeps the indexes of a nested class from being those of the entity. A list of it has none, whatever its class declares. */
function nestedProblem(
  { array, nestedFields, propertyName }: FieldMetadata,
  indexes: readonly DeclaredIndex[],
): string | undefined {
  if (nestedFields === undefined) {
    return 'it is mapped by class-transformer, which does not tell its parts, so that they cannot be indexed. Put @Field() on its properties.';
  }
  if (array) {
    return indexes.some(({ declaration }) => readIndexArguments(declaration, ignore)?.unique === true)
      ? `${propertyName} is a list of it, and what is in a list cannot be unique. Check it by a rule, or store it as records of their own.`
      : undefined;
  }
  return undefined;
}

function read({ declaration, owner }: DeclaredIndex, above: readonly string[], report: Report): IndexWish[] {
  const property = declaration.decorated?.property;
  const given = readIndexArguments(declaration, (text) => {
    report({ ...(property !== undefined && { property: String(property) }), text });
  });
  if (given === undefined) return [];
  const { name } = given;
  const within = (of: string): string => [...above, of].join('.');
  return [
    {
      ...given,
      ...(name !== undefined && { name: within(name) }),
      properties: given.properties.map(within),
      declaration,
      owner,
    },
  ];
}

const ignore = (): void => undefined;
