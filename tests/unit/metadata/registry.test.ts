import type * as Decorators from '../../../src/decorators/index.js';
import type * as Metadata from '../../../src/metadata/index.js';

const REGISTRY = Symbol.for('dust-orm.registry');

function loadCopy(): typeof Decorators & typeof Metadata {
  let copy: (typeof Decorators & typeof Metadata) | undefined;
  jest.isolateModules(() => {
    copy = {
      ...jest.requireActual<typeof Decorators>('../../../src/decorators/index.js'),
      ...jest.requireActual<typeof Metadata>('../../../src/metadata/index.js'),
    };
  });
  return copy!;
}

describe('the registry of annotations', () => {
  it('is shared by two loaded copies of the package', () => {
    const one = loadCopy();
    const other = loadCopy();
    expect(one.DustEntity).not.toBe(other.DustEntity);

    @one.DustEntity('links')
    class Link {
      @one.Slug() slug!: string;
      @other.Field() title!: string;
    }

    expect(other.buildEntityMetadata(Link).fields.map(({ wireName }) => wireName)).toEqual(['title']);
  });

  it('refuses to mix with the registry of an incompatible version', () => {
    const present = Object.getOwnPropertyDescriptor(globalThis, REGISTRY)!;
    const fresh = loadCopy();
    const stand = { version: 0, classes: new WeakMap() };
    const spy = jest
      .spyOn(Reflect, 'get')
      .mockImplementation((target, key) =>
        key === REGISTRY ? stand : (target as Record<PropertyKey, unknown>)[key],
      );
    try {
      expect(() => fresh.declarationsOf(class {})).toThrow('Two versions of dust-orm are loaded');
    } finally {
      spy.mockRestore();
    }
    expect(Object.getOwnPropertyDescriptor(globalThis, REGISTRY)).toEqual(present);
  });
});
