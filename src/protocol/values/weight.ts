const [NUMBER, LITERAL, CONTAINER, MEMBER] = [8, 4, 2, 4];

/** About how many bytes a JSON value takes on its way, counted without writing it down: texts by their length. */
export function weightOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.length + CONTAINER;
    case 'number':
      return NUMBER;
    case 'object':
      return value === null ? LITERAL : weightOfContainer(value);
    default:
      return LITERAL;
  }
}

function weightOfContainer(value: object): number {
  let weight = CONTAINER;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) weight += weightOf(item);
  } else {
    for (const [key, member] of Object.entries(value)) weight += key.length + MEMBER + weightOf(member);
  }
  return weight;
}
