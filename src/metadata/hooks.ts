import type { HookDeclaration } from './declarations.js';
import type { MetadataProblem } from './errors.js';
import type { Lineage } from './lineage.js';
import type { EntityHook, EntityHooks, HookName } from './types.js';

/** The decorators by the name of the hook that they declare. */
const DECORATORS: Readonly<Record<HookName, string>> = {
  afterLoad: 'AfterLoad',
  beforeSave: 'BeforeSave',
  beforeInsert: 'BeforeInsert',
  afterInsert: 'AfterInsert',
  beforeUpdate: 'BeforeUpdate',
  afterUpdate: 'AfterUpdate',
  afterSave: 'AfterSave',
  beforeRemove: 'BeforeRemove',
  afterRemove: 'AfterRemove',
  beforeSoftRemove: 'BeforeSoftRemove',
  afterSoftRemove: 'AfterSoftRemove',
  beforeRecover: 'BeforeRecover',
  afterRecover: 'AfterRecover',
};

/**
 * The hooks of a class and its base classes; undefined when there are none. A method that several classes declare for the same hook is
 * called once, where the most general one declares it.
 */
export function buildHooks(
  { hooks }: Pick<Lineage, 'hooks'>,
  report: (problem: MetadataProblem) => void,
): EntityHooks | undefined {
  if (hooks.length === 0) return undefined;
  const built = new Map<HookName, Set<EntityHook>>();
  for (const { declaration, owner } of hooks) {
    const { hook, listener } = declaration;
    const problem = hookProblem(declaration, owner);
    if (problem !== undefined) report(problem);
    const called = built.get(hook) ?? new Set();
    built.set(hook, called.add(typeof listener === 'function' ? listener : listener.property));
  }
  return Object.fromEntries([...built].map(([hook, called]) => [hook, [...called]]));
}

function hookProblem({ hook, listener }: HookDeclaration, owner: object): MetadataProblem | undefined {
  if (typeof listener === 'function') return undefined;
  const property = String(listener.property);
  const decorator = `@${DECORATORS[hook]}`;
  if (listener.isStatic) {
    return { property, text: `it is static, and ${decorator} belongs on a method of instances.` };
  }
  return isMethod(Reflect.get(owner, 'prototype'), listener.property)
    ? undefined
    : { property, text: `it is no method. Put ${decorator} on a method, such as ${property}() { … }.` };
}

/** Looks at what is declared: a getter is not called. */
function isMethod(prototype: unknown, property: string | symbol): boolean {
  if (typeof prototype !== 'object' || prototype === null) return false;
  return typeof Object.getOwnPropertyDescriptor(prototype, property)?.value === 'function';
}
