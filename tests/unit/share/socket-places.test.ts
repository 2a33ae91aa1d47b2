import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPlaceThere, makePrivate, socketPlacesOf } from '../../../src/share/socket-places.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const folder = useDataFolder();

afterEach(() => {
  jest.restoreAllMocks();
});

describe('where an owner listens', () => {
  it('is in the folder, where its path fits into what the system takes', () => {
    const room = process.platform === 'linux' ? 107 : 103;
    const longest = `/${'d'.repeat(room - '/'.length - '/share/socket'.length)}`;
    expect(socketPlacesOf(longest).inside).toBe(`${longest}/share/socket`);
    expect(socketPlacesOf(`${longest}d`).inside).toBeUndefined();
    // In bytes, not in characters.
    expect(socketPlacesOf(`/${'ä'.repeat(room / 2)}`).inside).toBeUndefined();
  });

  it('is outside one place for each folder and user', () => {
    const one = socketPlacesOf('/data/one', '/tmp').outside;
    expect(one).toMatch(/^\/tmp\/dust-orm-\d+-[0-9a-f]{16}\/socket$/);
    expect(socketPlacesOf('/data/one', '/tmp').outside).toBe(one);
    expect(socketPlacesOf('/data/two', '/tmp').outside).not.toBe(one);
    jest.spyOn(process, 'geteuid').mockReturnValue(12_345);
    expect(socketPlacesOf('/data/one', '/tmp').outside).not.toBe(one);
  });
});

describe('the folder of a socket', () => {
  const socket = () => join(folder.path, 'share', 'socket');

  it('is one that nobody else enters, whatever it was before', () => {
    mkdirSync(dirname(socket()), { mode: 0o777 });
    chmodSync(dirname(socket()), 0o777);
    makePrivate(folder.path, socket());
    expect(statSync(dirname(socket())).mode & 0o777).toBe(0o700);
    expect(isPlaceThere(folder.path, socket())).toBe(true);
  });

  it('is not there before it is made', () => {
    expect(isPlaceThere(folder.path, socket())).toBe(false);
  });

  it('is refused where somebody else has made it, who could answer in the owner’s stead', () => {
    makePrivate(folder.path, socket());
    jest.spyOn(process, 'geteuid').mockReturnValue(12_345);
    const refused = expect.objectContaining({
      ...{ kind: 'storage', detail: 'locked', message: expect.stringContaining('belongs to another user') },
    });
    expect(() => isPlaceThere(folder.path, socket())).toThrow(refused);
    expect(() => makePrivate(folder.path, socket())).toThrow(refused);
  });

  it('is none where a link or a file stands in its place', () => {
    symlinkSync('/', dirname(socket()));
    expect(isPlaceThere(folder.path, socket())).toBe(false);
    expect(() => {
      makePrivate(folder.path, socket());
    }).toThrow('is no folder');
    rmSync(dirname(socket()));
    writeFileSync(dirname(socket()), 'a file');
    expect(isPlaceThere(folder.path, socket())).toBe(false);
    expect(() => {
      makePrivate(folder.path, socket());
    }).toThrow('EEXIST');
  });
});
