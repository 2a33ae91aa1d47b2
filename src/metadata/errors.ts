import { DustError } from '../errors.js';

/** One thing wrong with a class's annotations. */
export interface MetadataProblem {
  /** The property it is about; absent when it is the class as a whole. */
  readonly property?: string;
  /** What is wrong and what to do about it, in full sentences. */
  readonly text: string;
}

/** A class whose annotations do not describe an entity. Kind `invalid_metadata`; all its problems at once. */
export class EntityMetadataError extends DustError {
  /** The name of the class. */
  readonly entityName: string;
  /** Everything wrong with the class, in the order it was found. */
  readonly problems: readonly MetadataProblem[];

  /** Lists the problems in the message. */
  constructor(entityName: string, problems: readonly MetadataProblem[]) {
    super('invalid_metadata', messageOf(entityName, problems));
    this.name = 'EntityMetadataError';
    this.entityName = entityName;
    this.problems = problems;
  }
}

function messageOf(entityName: string, problems: readonly MetadataProblem[]): string {
  const lines = [...propertiesByText(problems)].map(([text, properties]) => {
    const places = properties.map((property) => `${entityName}.${property}`);
    return places.length === 0 ? `${entityName}: ${text}` : `${places.join(', ')}: ${text}`;
  });
  const [first] = lines;
  if (problems.length === 1 && first !== undefined) return first;
  return `${entityName} has ${problems.length} problems:\n${lines.map((line) => `  - ${line}`).join('\n')}`;
}

/** What is wrong in the same way with several properties is said once, for all of them. */
function propertiesByText(problems: readonly MetadataProblem[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { property, text } of problems) {
    const properties = found.get(text) ?? [];
    if (property !== undefined) properties.push(property);
    found.set(text, properties);
  }
  return found;
}

/** The error for decorators compiled to the standard's form, which carry no type information. */
export function standardDecorator(decorator: string): DustError {
  return new DustError(
    'invalid_metadata',
    `@${decorator} was applied as a standard decorator. Set "experimentalDecorators": true in tsconfig.json ` +
      '(and "emitDecoratorMetadata": true, or give every field a type), or import it from dust-orm/es, which has standard decorators.',
  );
}

/** The error for a decorator of `dust-orm/es` under `experimentalDecorators`. */
export function legacyDecorator(decorator: string): DustError {
  return new DustError(
    'invalid_metadata',
    `@${decorator} of dust-orm/es was not applied as a standard decorator. Import it from dust-orm, or take "experimentalDecorators" out of ` +
      'tsconfig.json, and do not forget its parentheses.',
  );
}

/** The error for a decorator that was not called: it did nothing, or took the place of the class. */
export function uncalledDecorator(decorator: string, example: string): DustError {
  return new DustError(
    'invalid_metadata',
    `@${decorator} lacks its parentheses. Write @${decorator}(${example}).`,
  );
}

/** The error for two loaded copies of this package that do not understand each other's annotations. */
export function incompatibleRegistry(): DustError {
  return new DustError(
    'invalid_metadata',
    'Two versions of dust-orm are loaded that cannot share annotations. Install one version only (npm ls dust-orm).',
  );
}
