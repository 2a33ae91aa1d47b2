import { CommanderError } from 'commander';
import { inspect } from 'node:util';
import { isDustError, messageOf } from '../../errors.js';
import { isBrokenPipe } from './output.js';
import { shownLines } from './shown-text.js';

/** What `--json` prints of an error, behind the key `error`. */
export interface ReportedError {
  readonly kind: string;
  readonly message: string;
  readonly detail?: string;
}

/** An error as it may be shown; undefined where there is nothing to say, as after `--help` and a closed pipe. */
export function reportedError(error: unknown): ReportedError | undefined {
  if (isBrokenPipe(error)) return undefined;
  if (error instanceof CommanderError) return error.exitCode === 0 ? undefined : usageError(error);
  if (isDustError(error)) {
    const { kind, message, detail } = error;
    return detail === undefined ? { kind, message } : { kind, message, detail };
  }
  return { kind: 'unexpected', message: messageOf(error) };
}

/** The error as text for a person: its message, and the stack when `DUST_DEBUG` asks for it. */
export function errorText(error: unknown, reported: ReportedError, debug: boolean): string {
  return debug ? inspect(error) : `dust-orm: ${shownLines(reported.message)}`;
}

function usageError({ code, message }: CommanderError): ReportedError {
  const text = code === 'commander.help' ? 'A command is missing' : message.replace(/^error: /, '');
  return {
    kind: 'invalid_options',
    message: `${text}${/[.?)]$/.test(text) ? '' : '.'} See dust-orm --help.`,
    detail: code,
  };
}
