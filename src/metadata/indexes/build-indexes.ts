import type { IndexPart } from '../../protocol/values/record-access.js';
import type { MetadataProblem } from '../errors.js';
import type { Lineage } from '../lineage.js';
import { lineageOf } from '../lineage.js';
import type { EntityIndex, FieldMetadata } from '../types.js';
import type { IndexWish } from './declared-indexes.js';
import { declaredIndexes } from './declared-indexes.js';
import { resolvePart } from './index-part.js';

/** An index of an entity, before it is known where the records lie. */
export type IndexOfFields = Omit<EntityIndex, 'definition'> & {
  readonly definition: Omit<EntityIndex['definition'], 'prefix'>;
};

type Report = (problem: MetadataProblem) => void;

const MOST_PARTS = 8;

/**
 * The indexes of a class, resolved. What is wrong goes to `report`, and that index is left out. A class that declares an
 * index of its base class again replaces it.
 */
export function buildIndexes(
  lineage: Lineage,
  fields: readonly FieldMetadata[],
  report: Report,
): IndexOfFields[] {
  const wishes = new Map<string, IndexWish>();
  for (const wish of declaredIndexes(lineage, fields, report)) {
    const key = JSON.stringify(wish.properties);
    const before = wishes.get(key);
    if (before !== undefined && !isBaseOf(before.owner, wish.owner)) reportFor(wish, report)(twice(wish));
    else wishes.set(key, wish);
  }
  reportSharedNames([...wishes.values()], report);
  return [...wishes.values()].flatMap(
    (wish) => resolve(wish, lineage, fields, reportFor(wish, report)) ?? [],
  );
}

function resolve(
  { name, properties, unique }: IndexWish,
  lineage: Lineage,
  fields: readonly FieldMetadata[],
  report: (text: string) => void,
): IndexOfFields | undefined {
  if (properties.length > MOST_PARTS) {
    report(`an index has at most ${MOST_PARTS} properties, and this one has ${properties.length}.`);
    return undefined;
  }
  const repeated = properties.find((property, i) => properties.indexOf(property) !== i);
  if (repeated !== undefined) {
    report(`its index names ${repeated} twice.`);
    return undefined;
  }
  const parts: IndexPart[] = [];
  for (const property of properties) {
    if (isSlug(property, lineage)) {
      report(slugText(properties.length, unique));
      continue;
    }
    const found = resolvePart(property, fields);
    if ('part' in found) parts.push(found.part);
    else if (!isFaulty(property, lineage, fields)) report(`it cannot be indexed: ${found.problem}`);
  }
  if (parts.length < properties.length) return undefined;
  return { ...(name !== undefined && { name }), properties, definition: { parts, unique } };
}

function isSlug(property: string, { slugs }: Lineage): boolean {
  return slugs.some(({ declaration }) => declaration.property === property);
}

function slugText(properties: number, unique: boolean): string {
  if (properties === 1) {
    return 'the slug is unique, and records are found by it without an index. Leave this one out.';
  }
  return unique
    ? 'it has the slug among its properties, which is unique alone. Leave it out, or leave the index out.'
    : 'it has the slug among its properties, which stands at the end of every index anyway. Leave it out.';
}

/** Whether a property is declared, and no field because something else is wrong with it, which has been reported. */
function isFaulty(property: string, lineage: Lineage, fields: readonly FieldMetadata[]): boolean {
  const names = [...lineage.fields.keys()].filter((name) => typeof name === 'string');
  const name = names.find((each) => property === each || property.startsWith(`${each}.`));
  if (name === undefined) return false;
  const field = fields.find(({ propertyName }) => propertyName === name);
  if (field === undefined) return true;
  const { nestedClass, nestedFields } = field;
  if (property === name || nestedClass === undefined || nestedFields === undefined) return false;
  return isFaulty(property.slice(name.length + 1), lineageOf(nestedClass), nestedFields);
}

/** An index of one property is that one's, wherever it was declared; one of several is the class's. */
function reportFor({ properties, declaration }: IndexWish, report: Report): (text: string) => void {
  const [only] = properties;
  return (text) => {
    if (properties.length === 1 && only !== undefined) report({ property: only, text });
    else report({ text: `@${declaration.decorator}(${shown(properties)}): ${text}` });
  };
}

function twice({ properties }: IndexWish): string {
  return `the index by ${properties.join(', ')} is declared twice. Keep one, with unique where values shall be so.`;
}

function reportSharedNames(wishes: readonly IndexWish[], report: Report): void {
  const names = wishes.flatMap(({ name }) => name ?? []);
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i))) {
    report({ text: `it has several indexes of the name ${JSON.stringify(name)}. Give each one its own.` });
  }
}

function isBaseOf(base: object, owner: object): boolean {
  return Object.prototype.isPrototypeOf.call(base, owner);
}

function shown(properties: readonly string[]): string {
  return `[${properties.map((property) => `'${property}'`).join(', ')}]`;
}
