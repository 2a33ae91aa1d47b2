/**
 * The decorators of `dust-orm` as standard decorators, for TypeScript 5.2 and newer without `experimentalDecorators`. Everything else
 * comes from `dust-orm`.
 *
 * @module dust-orm/es
 */
export type {
  FieldOptionsWithType,
  FileFieldOptions,
  NamedFieldOptions,
  SetFieldOptions,
  TypedFieldOptions,
} from './decorators.js';
export {
  CounterField,
  CreatedAtField,
  DeletedAtField,
  DustEntity,
  Field,
  FileField,
  Index,
  SetField,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from './decorators.js';
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
export type { SubscriberDecorator } from './event-subscriber.js';
export { EventSubscriber } from './event-subscriber.js';
export { Ref } from './ref.js';
export type {
  MemberContext,
  MemberDecorator,
  StandardClassDecorator,
  StandardContext,
  StandardDecorator,
} from './standard-context.js';
