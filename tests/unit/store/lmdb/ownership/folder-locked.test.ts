import { folderLocked } from '../../../../../src/store/lmdb/errors.js';
import { newOwnerRecord } from '../../../../../src/store/lmdb/ownership/owner-record.js';

const here = { ...newOwnerRecord(), pid: 7, startedAt: 'then', host: 'here', thread: 1 };
const unthreaded = { pid: 7, startedAt: 'then', host: 'here', instance: 'i' };

it.each([
  ['one that has not said who it is', undefined, 'another process. Stop it first, or name another folder.'],
  [
    'this thread',
    here,
    'process 7: another data source of this process. Close that one first, or use it here, too.',
  ],
  [
    'another thread',
    { ...here, thread: 2 },
    'process 7: another data source of this process in thread 2. Close that one first, or use it here, too.',
  ],
  [
    'one of this process that does not say in which thread',
    unthreaded,
    'process 7: another data source of this process. Close that one first, or use it here, too.',
  ],
  [
    'another process',
    { ...here, pid: 8 },
    'process 8: another process. Stop it first, or name another folder.',
  ],
  [
    'a process on another host',
    { ...here, host: 'there' },
    'process 7 on the host "there": another process. Stop it first, or name another folder.',
  ],
  [
    'one that shares it',
    { ...here, pid: 8, share: '/s' },
    'process 8: another process. Stop it first, or name another folder. It shares the folder with those who open it with ' +
      '`share: true`, as a DataSource can.',
  ],
])('a folder is said to be in use by %s', (_, owner, said) => {
  const { kind, detail, message } = folderLocked('/data', owner, here);
  expect([kind, detail]).toEqual(['storage', 'locked']);
  expect(message).toBe(`The data folder "/data" is in use by ${said}`);
});
