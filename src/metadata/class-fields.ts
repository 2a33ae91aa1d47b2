import { escapeSegment } from '../protocol/paths/path.js';
import { checkFieldOptions, transformersOf } from './checks/check-options.js';
import { propertyProblem } from './checks/check-property.js';
import { recordedTypeProblem } from './checks/check-recorded-type.js';
import type { FieldDeclaration } from './declarations.js';
import type { MetadataProblem } from './errors.js';
import type { ResolvedType } from './field-type.js';
import { resolveFieldType } from './field-type.js';
import type { Declared, Lineage } from './lineage.js';
import { wireNameOf } from './naming.js';
import { reflectedType } from './reflected-type.js';
import type { EntityClass, FieldMetadata, NamingStrategy } from './types.js';

/** What the fields of a class are built with. */
export interface FieldContext {
  readonly strategy: NamingStrategy;
  /** Whether fields that say nothing of it coerce. */
  readonly coerce: boolean;
  /** The fields of a nested class; `undefined` when it has no `@Field` of its own. */
  readonly nestedFieldsOf: (nested: EntityClass) => readonly FieldMetadata[] | undefined;
  readonly report: (problem: MetadataProblem) => void;
}

/** The fields of a class and its base classes, resolved. What is wrong goes to `report`, and that field is left out. */
export function buildFields(lineage: Lineage, context: FieldContext): FieldMetadata[] {
  for (const property of lineage.repeated) {
    context.report({
      property: String(property),
      text: 'it is declared as a field twice. Keep one decorator.',
    });
  }
  const fields = [...lineage.fields.values()].flatMap((declared) => buildField(declared, context) ?? []);
  reportSharedNames(fields, context);
  return fields;
}

function buildField(
  { declaration, owner }: Declared<FieldDeclaration>,
  context: FieldContext,
): FieldMetadata | undefined {
  const { property } = declaration;
  const prototype: unknown = Reflect.get(owner, 'prototype');
  if (typeof property !== 'string' || typeof prototype !== 'object' || prototype === null) {
    context.report({ property: String(property), text: 'a field is a property with a name, not a symbol.' });
    return undefined;
  }
  const report = (text: string): void => {
    context.report({ property, text });
  };
  if (!isObject(declaration.options)) {
    report(
      `@${declaration.decorator} takes an object of options. Leave the argument out where there are none.`,
    );
    return undefined;
  }
  const misplaced = propertyProblem(declaration, prototype);
  if (misplaced !== undefined) report(misplaced);
  checkFieldOptions(declaration).forEach(report);
  const wireName = declaration.options.name ?? wireNameOf(property, context.strategy);
  const misnamed = wireNameProblem(wireName);
  if (misnamed !== undefined) report(misnamed);
  const recorded = reflectedType(prototype, property);
  const mistyped = recordedTypeProblem(declaration.role, recorded);
  if (mistyped !== undefined) report(mistyped);
  const resolved = resolveFieldType(declaration, recorded);
  if ('problem' in resolved) {
    report(resolved.problem);
    return undefined;
  }
  return misnamed === undefined
    ? fieldMetadata(property, wireName, declaration, resolved, context)
    : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function fieldMetadata(
  propertyName: string,
  wireName: string,
  { role, options }: FieldDeclaration,
  resolved: ResolvedType,
  context: FieldContext,
): FieldMetadata {
  const required = options.required === true;
  const nestedFields = resolved.nestedClass && context.nestedFieldsOf(resolved.nestedClass);
  return {
    propertyName,
    wireName,
    wireSegment: escapeSegment(wireName),
    role,
    type: resolved.type,
    array: resolved.array,
    required,
    nullable: role === 'plain' || role === 'file' ? (options.nullable ?? !required) : isTimeStamp(role),
    select: options.select ?? true,
    coerce: role === 'plain' && (options.coerce ?? context.coerce),
    default: options.default,
    transformers: transformersOf(options),
    enumValues: resolved.enumValues,
    nestedClass: resolved.nestedClass,
    ...(nestedFields && { nestedFields }),
    ...(options.insert === false && { insert: false }),
    ...(options.update === false && { update: false }),
    ...overTime(options),
    ...(options.schema !== undefined && { schema: options.schema }),
  };
}

/** What was written there is checked elsewhere, and may be anything. */
function overTime({ from, applyOnRead }: FieldDeclaration['options']): Partial<FieldMetadata> {
  const earlierNames: unknown = from;
  return {
    ...(Array.isArray(earlierNames) &&
      earlierNames.length > 0 && { earlierNames: earlierNames.filter((name) => typeof name === 'string') }),
    ...(applyOnRead === true && { applyOnRead }),
  };
}

function isTimeStamp(role: FieldMetadata['role']): boolean {
  return role === 'createdAt' || role === 'updatedAt' || role === 'deletedAt';
}

function wireNameProblem(wireName: unknown): string | undefined {
  if (typeof wireName !== 'string') return 'the naming strategy gave it no name. It must return a string.';
  if (wireName === '') return 'its name on the wire is empty. Name it: { name: "title" }.';
  return wireName.isWellFormed() ? undefined : 'its name on the wire is not well-formed Unicode.';
}

function reportSharedNames(fields: readonly FieldMetadata[], { report }: FieldContext): void {
  const owners = new Map<string, string>();
  for (const { propertyName, wireName, role } of fields) {
    if (role === 'version') continue;
    const owner = owners.get(wireName);
    if (owner === undefined) owners.set(wireName, propertyName);
    else {
      report({
        property: propertyName,
        text: `its name on the wire, ${JSON.stringify(wireName)}, is taken by ${owner}. Give one of them another with { name: … }.`,
      });
    }
  }
}
