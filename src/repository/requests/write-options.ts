import { assertNotAborted } from '../../abort-listener.js';
import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import { invalidOption, revisionUnknown } from './option-errors.js';

/** Options every write takes. */
export interface WriteRequest {
  /** Calls the write off; it then rejects with `aborted`. What was sent already may still be committed. */
  readonly signal?: AbortSignal;
}

/** Options of writes of entities, which hooks and subscribers may be told of. */
export interface ListenerOptions {
  /** Whether hooks are called and subscribers are told. Default: true. */
  readonly listeners?: boolean;
}

/** Options of `insert`. */
export interface InsertOptions extends WriteRequest, ListenerOptions {
  /** Fail with `exists` when the record is there, instead of writing its fields. */
  readonly ifAbsent?: boolean;
}

/** Options of writes that can depend on what they replace. */
export interface CompareOptions extends WriteRequest {
  /**
   * Write only if the record still has this revision: a whole-record compare-and-swap, whatever the storage mode.
   * Fails with `conflict` otherwise, and the error's `currentRevision` says where the record is; with `not_supported`
   * where the transport has no atomic batches. Given as undefined, it is refused with `invalid_options`: the revision of
   * an instance that was not loaded is unknown.
   */
  readonly ifMatch?: number | undefined;
}

/** Options of `save`. */
export interface SaveOptions extends CompareOptions, ListenerOptions {}
/** Options of `update`. */
export type UpdateOptions = CompareOptions;
/** Options of `remove`, `softRemove` and `recover`. */
export interface RemoveOptions extends CompareOptions, ListenerOptions {}
/** Options of `delete`. */
export type DeleteOptions = CompareOptions;

const REQUEST: OptionNames<WriteRequest> = { signal: true };
const INSERT: OptionNames<InsertOptions> = { ifAbsent: true, listeners: true, signal: true };
const COMPARE: OptionNames<CompareOptions> = { ifMatch: true, signal: true };
const OF_ENTITIES: OptionNames<SaveOptions> = { ...COMPARE, listeners: true };

/** @throws DustError `invalid_options`; `aborted` for a write that was called off before it began, whether or not it has anything to send */
export function checkWriteRequest(method: string, options: WriteRequest): void {
  checkNames(method, options, REQUEST);
  assertNotAborted(options.signal);
}

/** @throws DustError as {@link checkWriteRequest} does */
export function checkInsertOptions(method: string, options: InsertOptions): void {
  checkNames(method, options, INSERT);
  const { ifAbsent } = options;
  if (ifAbsent !== undefined && typeof ifAbsent !== 'boolean') {
    throw invalidOption(method, 'ifAbsent', 'true or false', ifAbsent);
  }
  checkListeners(method, options);
  assertNotAborted(options.signal);
}

/** @throws DustError as {@link checkWriteRequest} does */
export function checkEntityOptions(method: string, options: SaveOptions | RemoveOptions): void {
  checkCompareOptions(method, options, OF_ENTITIES);
  checkListeners(method, options);
}

/** @throws DustError `invalid_options` */
export function checkListeners(method: string, { listeners }: ListenerOptions): void {
  if (listeners !== undefined && typeof listeners !== 'boolean') {
    throw invalidOption(method, 'listeners', 'true or false', listeners);
  }
}

/** @throws DustError as {@link checkWriteRequest} does */
export function checkCompareOptions(
  method: string,
  options: CompareOptions,
  names: Readonly<Record<string, true>> = COMPARE,
): void {
  checkNames(method, options, names);
  if (Object.hasOwn(options, 'ifMatch')) checkRevision(method, options.ifMatch);
  assertNotAborted(options.signal);
}

function checkRevision(method: string, ifMatch: number | undefined): void {
  if (ifMatch === undefined) throw revisionUnknown(method);
  if (Number.isSafeInteger(ifMatch) && ifMatch >= 1) return;
  throw invalidOption(method, 'ifMatch', 'the revision of a record, a positive integer', ifMatch);
}

/** @throws DustError `invalid_options` for anything but an object with names from `known`, or a `signal` that is none */
export function checkNames(method: string, options: unknown, known: Readonly<Record<string, true>>): void {
  checkOptionNames(method, options, known);
  checkSignal(method, 'signal', Reflect.get(options, 'signal'));
}

/** @throws DustError `invalid_options` unless `value` is left out or an AbortSignal */
export function checkSignal(method: string, option: string, value: unknown): void {
  if (value !== undefined && !isSignal(value)) throw invalidOption(method, option, 'an AbortSignal', value);
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}

/** @throws DustError `invalid_options` */
export function checkFunction(method: string, name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidOption(method, name, 'a function', value);
}

/** The options that go with every request. */
export function requestOf({ signal }: WriteRequest): WriteRequest {
  return signal === undefined ? {} : { signal };
}
