import { inspect } from 'node:util';
import { isDustError, messageOf } from '../../errors.js';
import { StudioRefusal } from '../errors.js';
import type { Asking, StudioSource } from './source.js';

/** What the program's own code threw, a hook or a rule of a class, and what it kept from being done. The page is told its message. */
export class OwnCodeRefusal extends StudioRefusal {
  constructor(message: string) {
    super(422, 'refused', message);
    this.name = 'OwnCodeRefusal';
  }
}

/**
 * Runs a write that calls hooks, subscribers and rules of a class.
 *
 * @param isWritten asked behind an error: whether the write was made, so that what threw was called behind it
 * @returns what is to be told of what threw behind the write; undefined where nothing did
 * @throws OwnCodeRefusal for what was thrown ahead of the write and is no error of this package; that, where it is one
 */
export async function writeByOwnCode(
  source: StudioSource,
  write: () => Promise<unknown>,
  isWritten: () => boolean,
): Promise<string | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (isWritten()) {
      report(source, error);
      return `It is written. What is called behind it, a hook or a subscriber, threw: ${messageOf(error)}`;
    }
    if (error instanceof StudioRefusal || isDustError(error)) throw error;
    report(source, error);
    throw new OwnCodeRefusal(`Refused by a hook, a subscriber or a rule of the class: ${messageOf(error)}`);
  }
}

/**
 * Runs what reads by the code of a class.
 *
 * @throws OwnCodeRefusal for what is no error of this package; that, where it is one
 */
export async function readByOwnCode<T>(
  source: StudioSource,
  { signal }: Asking,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (signal.aborted || error instanceof StudioRefusal || isDustError(error)) throw error;
    report(source, error);
    throw new OwnCodeRefusal(
      `A record was refused by what the class calls when it is read, such as AfterLoad: ${messageOf(error)}`,
    );
  }
}

/** The words of what a single value was refused with. */
export function valueRefusal(source: StudioSource, error: unknown): string {
  if (!(error instanceof StudioRefusal) && !isDustError(error)) report(source, error);
  return messageOf(error);
}

function report({ logger }: StudioSource, error: unknown): void {
  logger.error(`the program's own code threw for the studio: ${inspect(error)}`);
}
