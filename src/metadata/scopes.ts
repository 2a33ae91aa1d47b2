import { nearestName, unknownOptionText } from '../options/index.js';
import type { EntityOptions } from './declarations.js';
import type { EntityScope, EntityScopes } from './types.js';

type Declared = Pick<EntityOptions, 'scopes' | 'defaultScope'>;
type Given = Readonly<Record<string, unknown>>;

const PARTS = ['where', 'order'];
const DEFAULT = 'defaultScope';

/** What is wrong with the scopes of an entity in themselves, in full sentences. Whether a where fits the class is for those to say who read. */
export function scopeProblems({ scopes, defaultScope }: Declared): string[] {
  const given: unknown = scopes;
  if (given !== undefined && !isObject(given)) {
    return ["its scopes must be an object of scopes by name: { active: { where: { state: 'active' } } }."];
  }
  const named = Object.entries(given ?? {}).flatMap(([name, scope]) =>
    definitionProblems(`the scope ${JSON.stringify(name)}`, scope),
  );
  return [...named, ...defaultProblems(defaultScope, Object.keys(given ?? {}))];
}

function defaultProblems(given: unknown, known: readonly string[]): string[] {
  if (given === undefined) return [];
  if (isObject(given)) return definitionProblems('its defaultScope', given);
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  return names.flatMap((name) => {
    if (typeof name !== 'string') {
      return [
        "its defaultScope must be the name of a scope, a list of names, or a scope: { where: { state: 'active' } }.",
      ];
    }
    return known.includes(name) ? [] : [`its defaultScope: ${unknownScopeText(name, known)}`];
  });
}

function definitionProblems(what: string, scope: unknown): string[] {
  if (!isObject(scope)) return [`${what} must be an object such as { where: { state: 'active' } }.`];
  const unknown = Object.keys(scope).filter((part) => !PARTS.includes(part));
  const problems = unknown.map((part) => unknownOptionText(what, part, PARTS));
  if (scope.where === undefined && scope.order === undefined && unknown.length === 0) {
    problems.push(`${what} has neither a where nor an order. Give it one.`);
  }
  return problems;
}

/** What is said of a name that no scope has: what was meant, or else which there are. */
export function unknownScopeText(name: string, known: readonly string[]): string {
  if (known.length === 0) return `there is no scope ${JSON.stringify(name)}: the class has none.`;
  const nearest = nearestName(name, known);
  const question = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
  return `there is no scope ${JSON.stringify(name)}.${question} The scopes are ${known.join(', ')}.`;
}

/** The scopes of an entity whose declaration has no problems; undefined where it has none. */
export function scopesOf({ scopes = {}, defaultScope }: Declared): EntityScopes | undefined {
  const named = new Map(Object.entries(scopes).map(([name, scope]) => [name, { name, ...scope }]));
  const byDefault = defaultOf(defaultScope, named);
  return named.size === 0 && byDefault.length === 0 ? undefined : { named, byDefault };
}

function defaultOf(
  given: EntityOptions['defaultScope'],
  named: ReadonlyMap<string, EntityScope>,
): readonly EntityScope[] {
  if (given === undefined) return [];
  if (isNames(given)) return [given].flat().flatMap((name) => named.get(name) ?? []);
  return [{ name: DEFAULT, ...given }];
}

function isNames(given: NonNullable<EntityOptions['defaultScope']>): given is string | readonly string[] {
  return typeof given === 'string' || Array.isArray(given);
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
