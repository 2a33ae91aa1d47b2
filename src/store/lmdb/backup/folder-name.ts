import { FOLDER } from '../../../options/index.js';
import { folderUnnamed } from '../errors.js';

/** @throws DustError `invalid_options` unless `value` can be the name of a folder */
export function checkFolderName(option: string, value: unknown): asserts value is string {
  if (!FOLDER.fits(value)) throw folderUnnamed(option, FOLDER.expected);
}
