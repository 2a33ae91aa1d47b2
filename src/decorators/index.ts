export { DustEntity } from './dust-entity.js';
export type { TypedFieldOptions } from './field.js';
export { Field } from './field.js';
export type { IndexDecorator } from './indexes.js';
export { Index, Unique } from './indexes.js';
export type { AnyPropertyDecorator, PropertyDecoratorFor } from './property-decorator.js';
export type { FileFieldOptions, NamedFieldOptions, SetFieldOptions } from './role-fields.js';
export {
  CounterField,
  CreatedAtField,
  DeletedAtField,
  FileField,
  SetField,
  UpdatedAtField,
  VersionField,
} from './role-fields.js';
export { Slug } from './slug.js';
