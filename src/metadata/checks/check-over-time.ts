import type { EntityOptions, FieldOptions } from '../declarations.js';
import type { MetadataProblem } from '../errors.js';
import { DEFAULT_VERSION_NAME } from '../schema-version.js';
import type { IndexOfFields } from '../indexes/build-indexes.js';
import type { FieldMetadata } from '../types.js';

/** Names that would turn a record into an envelope, which a store keeps whole (PROTOCOL §1). */
export const ENVELOPE_NAMES: readonly string[] = ['_type', '_typed'];

type Report = (problem: MetadataProblem) => void;

/** What is wrong with what a field says of records that older classes wrote, in full sentences. */
export function checkOverTime({ from, applyOnRead, default: fallback }: FieldOptions): string[] {
  const problems: string[] = [];
  const names: unknown = from;
  if (names !== undefined && !(Array.isArray(names) && names.every(isName))) {
    problems.push("from takes the field's earlier names on the wire, as a list: { from: ['old_name'] }.");
  }
  if (applyOnRead === true && fallback === undefined) {
    problems.push('applyOnRead needs a default to apply: { default: …, applyOnRead: true }.');
  }
  return problems;
}

/** What is wrong with an entity's version and its upgrades, in full sentences. */
export function checkVersion({ version, upgrade, versionName }: EntityOptions): string[] {
  const problems: string[] = [];
  if (version !== undefined && !isVersion(version)) {
    problems.push('its version must be an integer from 1 on.');
  }
  if (versionName !== undefined && !isName(versionName)) {
    problems.push(`its versionName must be a name on the wire, such as '${DEFAULT_VERSION_NAME}'.`);
  }
  if (versionName !== undefined && ENVELOPE_NAMES.includes(versionName)) {
    problems.push(`the protocol reserves the name ${versionName}. Choose another versionName.`);
  }
  if (version === undefined) {
    if (upgrade !== undefined || versionName !== undefined) {
      problems.push(
        'it has upgrade or versionName without a version. Add { version: 2 }, or whichever it is.',
      );
    }
    return problems;
  }
  const given: unknown = upgrade;
  if (given === undefined) return problems;
  if (typeof given !== 'object' || given === null) {
    return [...problems, 'upgrade takes functions by version: { 2: (raw) => ({ ...raw }) }.'];
  }
  for (const [key, make] of Object.entries(given)) {
    const number = Number(key);
    if (!isVersion(number) || number < 2 || number > version) {
      problems.push(`it has an upgrade to ${key}. Upgrades lead to the versions 2 to ${version}.`);
    } else if (typeof make !== 'function') {
      problems.push(`its upgrade to ${key} is no function.`);
    }
  }
  return problems;
}

/** Reports earlier names that are taken now. */
export function checkNamesOverTime(
  entity: EntityOptions | undefined,
  fields: readonly FieldMetadata[],
  report: Report,
): void {
  const owners = new Map(
    fields.filter(({ role }) => role !== 'version').map((field) => [field.wireName, field]),
  );
  const earlier = new Map<string, FieldMetadata>();
  const versionName = versionNameOf(entity);
  for (const field of fields) {
    const { propertyName: property, wireName, role } = field;
    if (wireName === versionName && role !== 'version') {
      report({
        property,
        text: `its name on the wire, ${JSON.stringify(wireName)}, is that of the leaf with the record's version. Give one of them another, by { name: … } or { versionName: … } of the entity.`,
      });
    }
    for (const name of field.earlierNames ?? []) {
      const text = clashOf(name, owners.get(name) ?? earlier.get(name), field, versionName);
      if (text !== undefined) report({ property, text });
      else earlier.set(name, field);
    }
  }
}

/** Reports what must be unique while the store cannot know all values of it: those that only readers give to older records. */
export function checkUniqueOverTime(
  indexes: readonly IndexOfFields[],
  fields: readonly FieldMetadata[],
  report: Report,
): void {
  for (const { properties, definition } of indexes) {
    if (!definition.unique) continue;
    for (const { path } of definition.parts) {
      const field = fields.find(({ wireSegment }) => wireSegment === path.split('/', 1)[0]);
      const { earlierNames, applyOnRead } = field ?? {};
      if (earlierNames !== undefined) {
        report({
          property: properties.join(', '),
          text: 'it is unique and has from. The store compares what lies under one name only. Keep the name on the wire with { name: … }, or move the values by a migration before it is unique.',
        });
      } else if (applyOnRead === true) {
        report({
          property: properties.join(', '),
          text: 'it is unique and has applyOnRead. The store compares what is stored only. Write the values by a migration before it is unique.',
        });
      }
    }
  }
}

function clashOf(
  name: string,
  owner: FieldMetadata | undefined,
  field: FieldMetadata,
  versionName: string | undefined,
): string | undefined {
  const shown = JSON.stringify(name);
  if (name === versionName) return `from names ${shown}, which is the leaf with the record's version.`;
  if (owner === field) return `from names ${shown} which it has already. Leave it out.`;
  return owner === undefined
    ? undefined
    : `from names ${shown}, which is a name of ${owner.propertyName}. What a record holds there can be of one field only.`;
}

function versionNameOf(entity: unknown): string | undefined {
  if (typeof entity !== 'object' || entity === null) return undefined;
  const { version, versionName = DEFAULT_VERSION_NAME } = entity as EntityOptions;
  return version === undefined ? undefined : versionName;
}

function isVersion(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}
