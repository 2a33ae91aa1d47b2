const PLATFORM = Object.getOwnPropertyDescriptor(process, 'platform')!;
afterEach(() => {
  Object.defineProperty(process, 'platform', PLATFORM);
  jest.dontMock('fs-native-extensions');
});

/** What the lock of a platform asks its package for. */
async function askedOn(platform: string): Promise<unknown> {
  const tryLock = jest.fn(() => true);
  await jest.isolateModulesAsync(async () => {
    jest.doMock('fs-native-extensions', () => ({ tryLock }));
    Object.defineProperty(process, 'platform', { ...PLATFORM, value: platform });
    const isolated = await import('../../../../../src/store/lmdb/ownership/kernel-lock.js');
    const lock = await isolated.loadKernelLock();
    expect(lock(5, { shared: true })).toBe(true);
  });
  return tryLock.mock.calls;
}

it.each([
  ['linux', 'the whole file', 0, 0],
  ['darwin', 'the whole file', 0, 0],
  // Every release locks this place: at another one, two of them would both have the folder.
  ['win32', 'one byte, 1 GiB behind the beginning', 1_073_741_824, 1],
])('on %s the lock lies over %s', async (platform, _, offset, length) => {
  expect(await askedOn(platform)).toEqual([[5, offset, length, { shared: true }]]);
});

it('a package that cannot be loaded is told of as that, with what it said', async () => {
  const missing = new Error('no binary for this platform');
  await jest.isolateModulesAsync(async () => {
    jest.doMock('fs-native-extensions', () => {
      throw missing;
    });
    const isolated = await import('../../../../../src/store/lmdb/ownership/kernel-lock.js');
    await expect(isolated.loadKernelLock()).rejects.toMatchObject({
      kind: 'storage',
      detail: 'unavailable',
      cause: missing,
    });
  });
});
