import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import { UniqueForesight } from '../../../../src/store/index.js';
import { claimPath, claimsOf, readyPath } from '../../../../src/transport/claims/claim-paths.js';

function pathOf(values: readonly [name: string, type: string, value: unknown][], prefix = 'users'): string {
  const definition: IndexDefinition = {
    prefix,
    parts: values.map(([path, type]) => ({ path, type: type as 'string' })),
    unique: true,
  };
  const leaves = values.map(([name, , value]) => ({
    path: `${prefix}/a/${name}`,
    value: value as string,
    revision: 1,
    type: 'string' as const,
  }));
  const [found] = new UniqueForesight([definition]).valuesOf(`${prefix}/a`, leaves);
  return found === undefined ? 'none' : claimPath(found);
}

it('a claim can be read where its value can, and differs from every other in more than case', () => {
  expect(pathOf([['email', 'string', 'ada@example.org']])).toBe('_dust:unique/users/email/=ada@example.org');
  expect(pathOf([['email', 'string', 'Ada']])).toBe('_dust:unique/users/email/=^ada');
  expect(pathOf([['userName', 'string', 'a/b']], 'shop/Users')).toBe(
    '_dust:unique/shop/^users/user^name/=a~1b',
  );
  const all = [
    pathOf([['email', 'string', '1']]),
    pathOf([['email', 'string', '^ada']]),
    pathOf([['email', 'string', '#ada']]),
    pathOf([['email', 'string', '=ada']]),
    pathOf([['email', 'string', 'ADA']]),
    pathOf([['email', 'string', 'x'.repeat(101)]]),
    pathOf([['email', 'string', 'x'.repeat(100)]]),
    pathOf([['email', 'string', 'X'.repeat(100)]]),
    pathOf([['email', 'string', '']]),
    pathOf([['email', 'string', '\u0000']]),
    pathOf([['email', 'string', '\u0001']]),
    pathOf([['email', 'number', 1]]),
    pathOf([['email', 'number', -1]]),
    pathOf([['email', 'bigint', '1']]),
    pathOf([['email', 'boolean', true]]),
    pathOf([['a,b', 'string', '1']]),
    pathOf([
      ['a', 'string', '1'],
      ['b', 'string', '2'],
    ]),
    pathOf([
      ['a', 'string', '12'],
      ['b', 'string', ''],
    ]),
  ];
  expect(new Set(all.map((path) => path.toLowerCase())).size).toBe(all.length);
  for (const path of all) expect(path.length).toBeLessThan(300);
  // The same number, however it is written.
  expect(pathOf([['n', 'decimal', { _type: 'decimal', value: '1.50' }]])).toBe(
    pathOf([['n', 'decimal', { _type: 'decimal', value: '1.5' }]]),
  );
});

it('null, absent and what cannot be read claim nothing', () => {
  expect(pathOf([['email', 'string', null]])).toBe('none');
  expect(pathOf([['email', 'string', 7]])).toBe('none');
  expect(
    pathOf([
      ['a', 'string', 'x'],
      ['b', 'string', null],
    ]),
  ).toBe('none');
});

it('marks lie beside the claims, and not among them', () => {
  const definition: IndexDefinition = {
    prefix: 'users',
    parts: [{ path: 'email', type: 'string' }],
    unique: true,
  };
  expect(claimsOf(definition)).toBe('_dust:unique/users/email');
  expect(readyPath(definition)).toBe('_dust:unique-ready/users/email');
});
