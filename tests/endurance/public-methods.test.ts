import { DRIVES, LIVES } from './all-drives.js';
import { EXCUSED, PUBLIC_MEMBERS, publicMembersOf } from './public-methods.js';

const driven = new Set([...DRIVES, ...LIVES].map(([name]) => name));

it('every public member is driven a thousand times, or excused by name', () => {
  const known = new Set([...driven, ...Object.keys(EXCUSED)]);
  expect(PUBLIC_MEMBERS.length).toBeGreaterThan(70);
  expect(PUBLIC_MEMBERS.filter((member) => !known.has(member))).toEqual([]);
});

it('nobody is excused who is not there, or who is driven', () => {
  const members = new Set(PUBLIC_MEMBERS);
  expect(Object.keys(EXCUSED).filter((name) => !members.has(name) || driven.has(name))).toEqual([]);
});

it('members are found on the whole chain of prototypes', () => {
  class Base {
    inherited(): void {}
  }
  class Derived extends Base {
    get own(): number {
      return Math.random();
    }
    [Symbol.dispose](): void {}
  }
  expect(publicMembersOf(Derived.prototype).sort()).toEqual(['[Symbol.dispose]', 'inherited', 'own']);
});
