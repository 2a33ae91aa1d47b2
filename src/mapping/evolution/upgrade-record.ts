import { messageOf } from '../../errors.js';
import type { RawRecord, SchemaVersion } from '../../metadata/types.js';
import { jsonEquals, toJson } from '../../protocol/values/json.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import type { JsonObject, JsonValue, Leaf } from '../../protocol/values/value.js';
import {
  assemble,
  flatten,
  isEnvelope,
  isMap,
  isObject,
  leafTypeOf,
  setOwn,
} from '../../protocol/values/value.js';
import { unwrapped, wrapped } from '../codecs/faithful.js';
import { unawaited } from '../unawaited.js';

/** A record that cannot be brought to the version of its class. The message says why. */
export class UpgradeFault extends Error {}

/** A record of an earlier version, with its own leaf of the version left out. */
export interface EarlierRecord {
  readonly path: Path;
  readonly slug: string;
  readonly leaves: readonly Leaf[];
  readonly version: number;
  readonly revision: number;
}

/**
 * The leaves of the record as the class's version has them. Those of a value that no upgrade changed are the same.
 *
 * @throws UpgradeFault when an upgrade throws or gives no record
 */
export function upgradedLeaves(record: EarlierRecord, { number, upgrades, wireName }: SchemaVersion): Leaf[] {
  const { path, slug, leaves, revision } = record;
  const stored = assemble(path, leaves);
  const before = isMap(stored) ? stored : {};
  let raw: JsonObject = bare(before);
  for (let version = record.version + 1; version <= number; version++) {
    const upgrade = upgrades.get(version);
    if (upgrade !== undefined) raw = upgradedOnce(raw, (given) => upgrade(given, slug), version);
  }
  // Such as a file, which an upgrade may have moved. What is JSON of the program's own is no envelope.
  const envelopes = Object.values(before).filter(isOwnEnvelope);
  return Object.entries(raw).flatMap(([name, value]): Leaf[] => {
    if (name === wireName) return [];
    const at = childPath(path, name);
    const present = Object.hasOwn(before, name) ? before[name] : undefined;
    if (present !== undefined && jsonEquals(unwrapped(present), value)) {
      return leaves.filter((leaf) => leaf.path === at || leaf.path.startsWith(`${at}/`));
    }
    const kept = envelopes.some((envelope) => jsonEquals(envelope, value)) ? value : wrapped(value);
    return flatten(at, kept).map((leaf) => ({ ...leaf, type: leafTypeOf(leaf.value), revision }));
  });
}

function upgradedOnce(raw: JsonObject, upgrade: (given: RawRecord) => unknown, version: number): JsonObject {
  let given: unknown;
  try {
    given = unawaited(upgrade(structuredClone(raw)));
  } catch (error) {
    throw new UpgradeFault(`its upgrade to version ${version} threw: ${messageOf(error)}`);
  }
  const json = toJson(given);
  if ('fault' in json) {
    throw new UpgradeFault(
      `its upgrade to version ${version} gave no JSON: ${json.fault.reason}${json.fault.at === '' ? '' : ` at ${json.fault.at}`}`,
    );
  }
  if (!isObject(json.value) || isEnvelope(json.value)) {
    throw new UpgradeFault(`its upgrade to version ${version} gave no object of fields`);
  }
  return json.value;
}

/** Whether a stored value is an envelope of the store, and none that keeps JSON whole. */
function isOwnEnvelope(stored: JsonValue): boolean {
  return isObject(stored) && isEnvelope(stored) && unwrapped(stored) === stored;
}

/** The values by name, without the envelopes that a store needs for some objects. */
function bare(map: JsonObject): JsonObject {
  const values: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) setOwn(values, name, unwrapped(value));
  return values;
}
