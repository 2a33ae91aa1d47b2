import type { Feature } from '../../protocol/wire/features.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { isMap, isObject } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../store/index.js';
import { badOperation, badRequest } from '../errors.js';
import { ifAbsentOf, ifMatchOf } from './preconditions.js';
import { pathOf } from './parameters.js';
import type { TypedJson } from './typed-json.js';

/** What a server takes in a batch beside `set` and `delete`, by the feature that it announces. */
const BY_FEATURE: ReadonlyMap<string, Feature> = new Map<string, Feature>([
  ['merge', 'batch-merge'],
  ['increment', 'batch-counters'],
  ['add', 'batch-counters'],
  ['remove', 'batch-counters'],
  ['check', 'batch-check'],
]);

/** An operation of a batch, the one at `position`. @throws DustError `invalid_params` */
export function batchOperation(
  operation: TypedJson,
  position: number,
  features: readonly Feature[],
): BatchOperation {
  if (!isObject(operation.value)) throw badRequest(`ops[${position}] is not an object.`);
  const path = pathOf(operation.at('path').value);
  const { op } = operation.value;
  const feature = typeof op === 'string' ? BY_FEATURE.get(op) : undefined;
  if (feature !== undefined && features.includes(feature)) return ofFeature(operation, path, position);
  const ifMatch = ifMatchOf(operation);
  switch (op) {
    case 'set': {
      const leafTypes = operation.at('value').leafTypes(path);
      const ifAbsent = features.includes('batch-if-absent') && ifAbsentOf(operation);
      return { op, path, value: valueOf(operation, position), leafTypes, ifMatch, ifAbsent };
    }
    case 'delete':
      return { op, path, ifMatch };
    default:
      throw badRequest(`ops[${position}].op is ${['set', 'delete', ...known(features)].join(' or ')}.`);
  }
}

function ofFeature(operation: TypedJson, path: Path, opIndex: number): BatchOperation {
  const op = operation.at('op').value;
  if (op === 'check') {
    const { value: revision } = operation.at('revision');
    if (typeof revision === 'number') return { op, path, revision };
    throw badOperation({ path, opIndex }, 'invalid_revision', 'a check takes a revision, 0 or more.');
  }
  const value = valueOf(operation, opIndex);
  const preconditions = { ifMatch: ifMatchOf(operation), ifAbsent: ifAbsentOf(operation) };
  switch (op) {
    case 'merge':
      if (isMap(value)) return { op, path, value, ...preconditions };
      throw badOperation({ path, opIndex }, 'merge_requires_map_value', 'merge takes an object.');
    case 'increment':
      if (typeof value === 'number') return { op, path, value, ...preconditions };
      throw badOperation({ path, opIndex }, 'increment_requires_number_value', 'increment takes a number.');
    case 'add':
    case 'remove':
      return { op, path, value, ...preconditions };
    default:
      throw badRequest(`ops[${opIndex}].op is not known.`);
  }
}

function valueOf(operation: TypedJson, position: number): JsonValue {
  const { value } = operation.at('value');
  if (value === undefined) throw badRequest(`ops[${position}] has no "value".`);
  return value;
}

function known(features: readonly Feature[]): string[] {
  return [...BY_FEATURE].filter(([, feature]) => features.includes(feature)).map(([op]) => op);
}
