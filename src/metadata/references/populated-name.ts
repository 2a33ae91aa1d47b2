/** The property that the target of a reference is in, by the name of the one that holds the slug; undefined when that does not say it. */
export function populatedName(property: string): string | undefined {
  const list = /^(.+)Ids$/.exec(property);
  if (list !== null) return `${list[1]}s`;
  return /^(.+)Id$/.exec(property)?.[1];
}
