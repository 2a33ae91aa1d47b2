import { DustError } from '../../../errors.js';

/** A folder that is no project, and may not be made one. */
export function projectMissing(folder: string): DustError {
  return new DustError(
    'invalid_options',
    `There is no package.json in ${folder}. Run npm init -y first, or give --yes, which writes one.`,
  );
}

/** A file of the project that is not what its name says. */
export function projectFileUnreadable(file: string, reason: string): DustError {
  return new DustError(
    'invalid_options',
    `${file} cannot be read: ${reason}. Nothing was written. Mend the file and run init again.`,
  );
}

/** Files that init would have to write over. */
export function filesInTheWay(files: readonly string[]): DustError {
  const what = files.length === 1 ? 'is there already and holds' : 'are there already and hold';
  return new DustError(
    'invalid_options',
    `${files.join(', ')} ${what} something else. Nothing was written. Give --force to write over ${files.length === 1 ? 'it' : 'them'}, or --entity another name.`,
  );
}

/** Standard decorators in a project whose compiler is told to apply the others. */
export function legacyProject(reason: string): DustError {
  return new DustError(
    'invalid_options',
    `${reason}, so the decorators of dust-orm/es would not be applied. Give --front legacy, or --front define, which needs no decorators.`,
  );
}

/** A name that no entity class can have. */
export const ENTITY_NAME = 'the name of a class, such as Link or ReadingList';
