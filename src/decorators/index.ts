export { DustEntity } from './dust-entity.js';
export { EventSubscriber } from './event-subscriber.js';
export type { TypedFieldOptions } from './field.js';
export { Field } from './field.js';
export type { HookDecorator } from './hooks.js';
export {
  AfterInsert,
  AfterLoad,
  AfterRecover,
  AfterRemove,
  AfterSave,
  AfterSoftRemove,
  AfterUpdate,
  BeforeInsert,
  BeforeRecover,
  BeforeRemove,
  BeforeSave,
  BeforeSoftRemove,
  BeforeUpdate,
} from './hooks.js';
export type { IndexDecorator } from './indexes.js';
export { Index, Unique } from './indexes.js';
export type { AnyPropertyDecorator, PropertyDecoratorFor } from './property-decorator.js';
export { Ref } from './ref.js';
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
