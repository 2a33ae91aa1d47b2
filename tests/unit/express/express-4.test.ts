/** The handlers under Express 4: the same tests, in which `express` is that one. */
jest.mock('express', () => jest.requireActual<object>('express4'));

describe.each(['error-handler', 'streams', 'ending'])('with Express 4: %s', (name) => {
  jest.requireActual(`./${name}.test.ts`);
});

it('is the one that is tried', async () => {
  const { version } = jest.requireActual<{ version: string }>('express4/package.json');
  expect(version).toMatch(/^4\./);
  expect((await import('express')).default).toBe(jest.requireActual('express4'));
});
