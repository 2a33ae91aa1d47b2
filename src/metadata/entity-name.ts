import { entitiesOf } from './lineage.js';

/** A class, as far as it matters here. */
interface NamedClass {
  readonly name: string;
}

/** What an entity is called in messages, topics and tokens: the name that was declared, or else the class's, which minifiers change. */
export function entityNameOf(target: NamedClass): string {
  return declaredNameOf(target) ?? target.name;
}

/** The name that `@DustEntity({ name })` gives a class; undefined without one. */
export function declaredNameOf(target: NamedClass): string | undefined {
  // Before the annotations are checked, callers without types have put there what they like.
  const name: unknown = entitiesOf(target)[0]?.name;
  return typeof name === 'string' ? name : undefined;
}
