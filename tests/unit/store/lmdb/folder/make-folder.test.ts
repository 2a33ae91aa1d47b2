import { readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../../../src/store/lmdb/folder/make-folder.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const unreadable = (message: RegExp | string) =>
  expect.objectContaining({
    kind: 'storage',
    detail: 'unreadable',
    message: expect.stringMatching(message),
  });
const make = (path: string) => () => {
  makeFolder(path);
};

test('a folder is made with those above it, and left as it is when it is there', () => {
  const path = join(folder.path, 'a', 'b', 'c');
  make(path)();
  expect(statSync(path).isDirectory()).toBe(true);
  writeFileSync(join(path, 'x'), 'kept');
  make(path)();
  expect(readdirSync(path)).toEqual(['x']);
});

test('where something else stands, or a link leads nowhere, nothing is made', () => {
  writeFileSync(join(folder.path, 'file'), 'x');
  symlinkSync('missing', join(folder.path, 'link'));
  expect(make(join(folder.path, 'file'))).toThrow(unreadable(/cannot be used: it is a file, not a folder/));
  expect(make(join(folder.path, 'file', 'a', 'b'))).toThrow(unreadable(/ENOTDIR/));
  expect(make(join(folder.path, 'link', 'a'))).toThrow(
    unreadable(/link" is a link to something that is not there/),
  );
  expect(make(process.platform === 'win32' ? 'nul:' : '/dev/null')).toThrow(
    unreadable(/it is not a folder|ENOENT/),
  );
  expect(readdirSync(folder.path).toSorted()).toEqual(['file', 'link']);
});

(process.platform === 'linux' ? test : test.skip)(
  'what the system refuses is told, and the reason kept',
  () => {
    expect(make('/proc/none/below')).toThrow(unreadable('ENOENT'));
    expect(make('/proc/none')).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ENOENT' }) }),
    );
  },
);
