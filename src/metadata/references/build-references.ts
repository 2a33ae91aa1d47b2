import { propertyProblem } from '../checks/check-property.js';
import type { ReferenceDeclaration } from '../declarations.js';
import { entityNameOf } from '../entity-name.js';
import type { MetadataProblem } from '../errors.js';
import type { Declared, Lineage } from '../lineage.js';
import { lineageOf } from '../lineage.js';
import type { FieldMetadata, ReferenceMetadata } from '../types.js';
import { namedTarget } from './named-target.js';
import { populatedName } from './populated-name.js';

/** What references are checked against. */
interface ReferenceScope {
  readonly lineage: Lineage;
  readonly fields: readonly FieldMetadata[];
  /** Who fills a property, by its name. */
  readonly taken: Map<string, string>;
}

/** The references of a class and its base classes, resolved. What is wrong goes to `report`, and that reference is left out. */
export function buildReferences(
  lineage: Lineage,
  fields: readonly FieldMetadata[],
  report: (problem: MetadataProblem) => void,
): ReferenceMetadata[] {
  const scope = { lineage, fields, taken: new Map<string, string>() };
  return lineage.references.flatMap((declared) => {
    const { property } = declared.declaration;
    const tell = (text: string): void => {
      report({ property: String(property), text });
    };
    return typeof property === 'string' ? (buildReference(property, declared, scope, tell) ?? []) : [];
  });
}

function buildReference(
  property: string,
  { declaration, owner }: Declared<ReferenceDeclaration>,
  scope: ReferenceScope,
  report: (text: string) => void,
): ReferenceMetadata | undefined {
  const as = nameToFill(property, declaration.as);
  if (as === undefined) {
    const text =
      declaration.as === undefined
        ? 'its name ends in neither Id nor Ids, so nothing says which property its target is to be in. Name one: { as: "owner" }.'
        : 'as is no name of a property. Write { as: "owner" }.';
    report(text);
    return undefined;
  }
  const occupied = occupant(property, as, owner, scope);
  if (occupied !== undefined) report(occupied);
  scope.taken.set(as, property);
  const named = namedTarget(declaration.target);
  if ('problem' in named) {
    report(named.problem);
    return undefined;
  }
  const { target } = named;
  const { entities, slugs } = lineageOf(target);
  if (entities.length === 0) {
    report(
      `it refers to ${entityNameOf(target)}, which is not an entity. Put @DustEntity('…') on that class, or hold the value in a @Field.`,
    );
    return undefined;
  }
  if (slugs.length === 0) {
    report(`it refers to ${entityNameOf(target)}, which has no slug to be named by. Put @Slug() on its key.`);
    return undefined;
  }
  const field = scope.fields.find(({ propertyName }) => propertyName === property);
  return field && { property, as, target, array: field.array };
}

function nameToFill(property: string, as: unknown): string | undefined {
  if (as === undefined) return populatedName(property);
  return typeof as === 'string' && as !== '' ? as : undefined;
}

/** Why the property cannot be filled, in full sentences; `undefined` when it can. */
function occupant(
  property: string,
  as: string,
  owner: object,
  { lineage, fields, taken }: ReferenceScope,
): string | undefined {
  const cure = 'Choose another with { as: "…" }.';
  const slug = lineage.slugs[0]?.declaration.property;
  if (as === slug || fields.some(({ propertyName }) => propertyName === as)) {
    const what = as === slug ? 'the slug' : 'a stored field';
    return `its target would be in ${as}, which is ${what}. ${cure}`;
  }
  const other = taken.get(as);
  if (other !== undefined) return `its target would be in ${as}, and so would that of ${other}. ${cure}`;
  const prototype: unknown = Reflect.get(owner, 'prototype');
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  const problem = propertyProblem({ property: as, isStatic: false }, prototype);
  return problem === undefined ? undefined : `its target would be in ${as}, and that cannot be: ${problem}`;
}
