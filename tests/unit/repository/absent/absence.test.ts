import { absent } from '../../../../src/repository/absent/absence.js';

/** A class that lacks a method and a property. */
function defineOwner(): new () => { lacking: unknown; missing: unknown } {
  class Owner {}
  absent('Owner', Owner, { lacking: 'call another' }, { missing: 'read another' });
  return Owner as ReturnType<typeof defineOwner>;
}

describe('a name that is not there', () => {
  it('throws by a method when it is called, by a property when it is read', () => {
    const owner = new (defineOwner())();
    const { lacking } = owner;
    expect(lacking).toThrow('Owner.lacking() of TypeORM is not here: call another.');
    expect(() => owner.missing).toThrow('Owner.missing of TypeORM is not here: read another.');
  });

  it.each(['lacking', 'missing'] as const)('may be given to an object, again and again: %s', (name) => {
    const owner = new (defineOwner())();
    owner[name] = 1;
    owner[name] = 2;
    expect(owner[name]).toBe(2);
    expect(Object.entries(owner)).toEqual([[name, 2]]);
    expect(Reflect.deleteProperty(owner, name)).toBe(true);
    expect(Object.keys(owner)).toEqual([]);
    expect(name in owner).toBe(true);
  });

  it.each(['lacking', 'missing'])('may be defined by a class, also by the one that lacks it: %s', (name) => {
    const Owner = defineOwner();
    class Further extends Owner {}
    for (const { prototype } of [Further, Owner]) {
      Object.defineProperty(prototype, name, { get: () => 'mine' });
      expect(Reflect.get(Object.create(prototype) as object, name)).toBe('mine');
    }
  });

  it('is not met by what lists the names of an object', () => {
    const names: string[] = [];
    for (const name in new (defineOwner())()) names.push(name);
    expect(names).toEqual([]);
  });
});
