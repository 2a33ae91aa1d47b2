export type {
  DefinedPropertyPath,
  DefinedScope,
  DefinedScopeWhere,
  DefineEntityOptions,
  DefineNestedOptions,
  ExtendsOption,
  IndexDefinitionOptions,
  NamedIndexDefinition,
} from './define-entity.js';
export { defineEntity, defineNested } from './define-entity.js';
export type { FieldDefinitionOptions, JsonDefinitionOptions, TypedDefinitionOptions } from './fields.js';
export { enumField, field, jsonField, nested, slug } from './fields.js';
export type { DefinedHook, DefinedHooks } from './hooks.js';
export type { DefinedInstance } from './instance.js';
export type {
  PropertyDefinition,
  PropertyDefinitions,
  PropertyPresence,
  PropertyRule,
} from './property-definition.js';
export type { PopulatedName } from '../metadata/index.js';
export type { ReferenceDefinition } from './reference.js';
export { ref } from './reference.js';
export type { FileDefinitionOptions, NamedDefinitionOptions, SetDefinitionOptions } from './role-fields.js';
export {
  counterField,
  createdAtField,
  deletedAtField,
  fileField,
  setField,
  updatedAtField,
  versionField,
} from './role-fields.js';
