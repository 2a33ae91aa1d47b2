import { DustError } from '../../errors.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { nearestName } from '../../options/index.js';
import { describeValue } from '../operators/describe.js';

/** A populate that is no list of names and no object of them. */
export function invalidPopulate(metadata: EntityMetadata, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: the find option "populate" must be a list such as ['customer', 'customer.company'], or an object such as { customer: { company: true } }, not ${describeValue(found)}.`,
  );
}

/** A name in a populate that is none of the class's references. */
export function unknownReference(metadata: EntityMetadata, name: string): DustError {
  const { references } = metadata;
  const known = references.map(({ as }) => as);
  return new DustError(
    'invalid_options',
    `${metadata.name} has no reference ${JSON.stringify(name)} to populate. ${cure(metadata, name, known)}`,
  );
}

/** Names behind names, further than anything is populated. */
export function populateTooDeep(metadata: EntityMetadata, levels: number): DustError {
  return new DustError(
    'invalid_options',
    `${metadata.name}: populate names references more than ${levels} levels deep.`,
  );
}

/** What is said of the name of a property that is filled in and not stored; undefined for any other. */
export function populatedHint({ references }: EntityMetadata, name: string): string | undefined {
  const reference = references.find(({ as }) => as === name);
  return (
    reference &&
    `It is filled in by populate and not stored: name ${reference.property}, which holds the slug.`
  );
}

function cure({ references }: EntityMetadata, name: string, known: readonly string[]): string {
  if (known.length === 0) {
    return 'It has none: put @Ref(() => Customer) on the property that holds the slug of the other record.';
  }
  const held = references.find(({ property }) => property === name);
  const meant = held?.as ?? nearestName(name, known);
  const question = meant === undefined ? '' : `Did you mean ${JSON.stringify(meant)}? `;
  return `${question}Known: ${known.join(', ')}.`;
}
