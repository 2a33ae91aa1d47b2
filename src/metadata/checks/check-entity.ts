import { unknownOptionText } from '../../options/index.js';
import { checkNamesOverTime, checkVersion, ENVELOPE_NAMES } from './check-over-time.js';
import { prefixProblem } from './check-prefix.js';
import { propertyProblem } from './check-property.js';
import { recordedTypeProblem } from './check-recorded-type.js';
import type { EntityOptions } from '../declarations.js';
import type { MetadataProblem } from '../errors.js';
import type { Lineage } from '../lineage.js';
import { reflectedType } from '../reflected-type.js';
import { scopeProblems } from '../scopes.js';
import { slugOptionsProblem } from './check-slug-options.js';
import { schemaProblem } from '../standard-schema.js';
import type { FieldMetadata, FieldRole } from '../types.js';

type Report = (problem: MetadataProblem) => void;

const ENTITY_OPTIONS = [
  'prefix',
  'name',
  'mode',
  'store',
  'coerce',
  'nullsOnRead',
  'scopes',
  'defaultScope',
  'version',
  'upgrade',
  'versionName',
  'schema',
];

/** Reports what is wrong with an entity as a whole. */
export function checkEntity(lineage: Lineage, fields: readonly FieldMetadata[], report: Report): void {
  checkDeclaration(lineage, report);
  checkSlug(lineage, report);
  for (const { wireName, propertyName } of fields) {
    if (ENVELOPE_NAMES.includes(wireName)) {
      report({
        property: propertyName,
        text: `the protocol reserves the name ${wireName}. Choose another with { name: … }.`,
      });
    }
  }
  for (const role of ['version', 'createdAt', 'updatedAt', 'deletedAt'] as const) {
    checkSingle(role, fields, report);
  }
  if (fields.length === 0 && lineage.fields.size === 0) {
    report({
      text: 'it has no fields. Put @Field() on the properties to store; a record that is nothing but its slug needs one, too, such as @CreatedAtField().',
    });
  }
  checkNamesOverTime(lineage.entities[0], fields, report);
  if (lineage.entities[0]?.mode === 'map') checkMapMode(fields, report);
}

function checkDeclaration({ entities, entityBase }: Lineage, report: Report): void {
  if (entities.length === 0) {
    const base = entityBase === undefined ? '' : ` The one of ${entityBase} is not inherited.`;
    report({ text: `it is not an entity. Put @DustEntity('links') on the class.${base}` });
    return;
  }
  if (entities.length > 1) report({ text: 'it has @DustEntity twice. Keep one.' });
  const [entity] = entities;
  if (isOptions(entity)) checkOptions(entity, report);
  else {
    report({
      text: "@DustEntity takes a prefix of one segment, or options: @DustEntity('links') or @DustEntity({ prefix: ['reading', 'links'] }).",
    });
  }
}

function isOptions(options: unknown): options is EntityOptions {
  return typeof options === 'object' && options !== null && !Array.isArray(options);
}

function checkOptions(entity: EntityOptions, report: Report): void {
  for (const option of Object.keys(entity)) {
    if (!ENTITY_OPTIONS.includes(option)) {
      report({ text: unknownOptionText('@DustEntity', option, ENTITY_OPTIONS) });
    }
  }
  const prefix = prefixProblem(entity.prefix);
  if (prefix !== undefined) report({ text: prefix });
  for (const text of checkVersion(entity)) report({ text });
  if (!['flat', 'map', undefined].includes(entity.mode)) {
    report({ text: `its mode is ${JSON.stringify(entity.mode)}. The modes are 'flat' and 'map'.` });
  }
  for (const option of ['coerce', 'nullsOnRead'] as const) {
    const value: unknown = entity[option];
    if (value !== undefined && typeof value !== 'boolean') {
      report({ text: `${option} must be true or false.` });
    }
  }
  const { store, name } = entity;
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
    report({ text: "its name must be a text that is not empty, such as 'Link'." });
  }
  for (const text of scopeProblems(entity)) report({ text });
  if (store !== undefined && (typeof store !== 'string' || !/^[^/]+\/[^/]+$/.test(store))) {
    report({ text: "its store must be written 'organisation/name'." });
  }
  const misfit = schemaProblem(entity.schema);
  if (misfit !== undefined) report({ text: misfit });
}

function checkSlug({ slugs, fields }: Lineage, report: Report): void {
  const names = slugs.map(({ declaration }) => String(declaration.property));
  if (names.length === 0) {
    report({ text: 'it has no slug. Put @Slug() on the property that names the record.' });
  }
  if (names.length > 1) {
    report({ text: `it has ${names.length} slugs, ${names.join(' and ')}. Keep one @Slug().` });
  }
  for (const { declaration, owner } of slugs) {
    const property = String(declaration.property);
    if (typeof declaration.property !== 'string') {
      report({ property, text: 'a slug is a property with a name, not a symbol.' });
    }
    const prototype: unknown = Reflect.get(owner, 'prototype');
    if (typeof prototype === 'object' && prototype !== null) {
      const misplaced = propertyProblem(declaration, prototype);
      if (misplaced !== undefined) report({ property, text: misplaced });
      const mistyped = recordedTypeProblem('slug', reflectedType(prototype, property));
      if (mistyped !== undefined) report({ property, text: mistyped });
    }
    const generation = slugOptionsProblem(declaration.options);
    if (generation !== undefined) report({ property, text: generation });
    if (fields.has(declaration.property)) {
      report({
        property,
        text: 'it is the slug, which stands in the path and is no field. Remove the field decorator.',
      });
    }
  }
}

function checkSingle(role: FieldRole, fields: readonly FieldMetadata[], report: Report): void {
  const names = fields.filter((field) => field.role === role).map(({ propertyName }) => propertyName);
  if (names.length > 1) {
    report({ text: `it has ${names.length} ${role} fields, ${names.join(' and ')}. Keep one.` });
  }
}

function checkMapMode(fields: readonly FieldMetadata[], report: Report): void {
  for (const { role, propertyName } of fields) {
    if (role === 'counter' || role === 'set') {
      report({
        property: propertyName,
        text: `a ${role} field needs mode 'flat': in mode 'map' every write replaces the whole record.`,
      });
    }
  }
}
