import { closeSync, openSync } from 'node:fs';
import { checkDescriptors } from '../../../../../src/store/lmdb/folder/check-files.js';

/** The lowest number that is free, which the system gives to what is opened next. */
function nextDescriptor(): number {
  const file = openSync(process.execPath, 'r');
  closeSync(file);
  return file;
}

test('asking whether files can be opened leaves none open', () => {
  const next = nextDescriptor();
  checkDescriptors('/data');
  expect(nextDescriptor()).toBe(next);
});
