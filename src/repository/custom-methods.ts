/** Methods to add to a repository with `extend`. */
export type CustomMethods = object;

/** Makes `methods` methods of `target` that keep their `this` when they are passed on. */
export function bindMethods(target: object, methods: CustomMethods): void {
  for (const [name, method] of Object.entries(methods) as [string, unknown][]) {
    if (typeof method !== 'function') continue;
    Object.defineProperty(target, name, {
      value: method.bind(target) as unknown,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}
