import { DustError } from '../../errors.js';

/** What to do instead, by the name that TypeORM has and this package has not. What gets built loses its row here. */
export type Cures<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Gives a class the names that people type from memory: methods that throw when they are called, and properties that throw when
 * they are read, with what to do instead. A class that extends it, and an object of it, may define any of them as they like.
 */
export function absent(
  owner: string,
  type: abstract new () => object,
  methods: Cures<string>,
  properties: Cures<string>,
): void {
  const { prototype } = type as { readonly prototype: object };
  for (const [name, cure] of Object.entries(methods)) {
    const value = (): never => {
      throw notHere(`${owner}.${name}()`, cure);
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
  for (const [name, cure] of Object.entries(properties)) {
    Object.defineProperty(prototype, name, {
      get: (): never => {
        throw notHere(`${owner}.${name}`, cure);
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
      configurable: true,
    });
  }
}

function notHere(what: string, cure: string): DustError {
  return new DustError('not_supported', `${what} of TypeORM is not here: ${cure}.`, {
    detail: 'not_in_dust',
  });
}
