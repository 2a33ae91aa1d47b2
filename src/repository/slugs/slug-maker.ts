import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { InvalidValueError, unawaited } from '../../mapping/index.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { describeValue } from '../../query/index.js';
import { ulidMaker } from './ulid.js';
import { uuidV7Maker } from './uuid-v7.js';

/** Makes the slug of one new entity. @throws InvalidValueError when the class's own function does not return one */
export type SlugMaker = () => string;

/** One of each for a clock: what is made by the same time stands in order, whichever class or data source it is for. */
const ulids = new WeakMap<Clock, SlugMaker>();
const uuids = new WeakMap<Clock, SlugMaker>();

/** What makes the slugs of a class; undefined where its entities are to bring them. */
export function slugMakerOf(metadata: EntityMetadata, clock: Clock): SlugMaker | undefined {
  const { slugGenerated } = metadata;
  switch (slugGenerated) {
    case undefined:
      return undefined;
    case 'uuid':
      return () => randomUUID();
    case 'uuidv7':
      return ofClock(uuids, clock, uuidV7Maker);
    case 'ulid':
      return ofClock(ulids, clock, ulidMaker);
    default:
      return () => checked(metadata, slugGenerated);
  }
}

function ofClock(
  makers: WeakMap<Clock, SlugMaker>,
  clock: Clock,
  make: (clock: Clock) => SlugMaker,
): SlugMaker {
  const present = makers.get(clock);
  if (present !== undefined) return present;
  const made = make(clock);
  makers.set(clock, made);
  return made;
}

function checked({ name, slugProperty }: EntityMetadata, generate: () => unknown): string {
  let slug: unknown;
  try {
    slug = unawaited(generate());
  } catch (error) {
    const text = ': the function that generates its value threw an error. Nothing was written.';
    throw new InvalidValueError(name, slugProperty, text, error);
  }
  if (typeof slug === 'string' && slug !== '' && slug.isWellFormed()) return slug;
  const text = `: the function that generates its value returned ${describeValue(slug)}, and a slug is a non-empty, well-formed string. Nothing was written.`;
  throw new InvalidValueError(name, slugProperty, text);
}
