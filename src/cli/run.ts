import { CommanderError } from 'commander';
import type { CliContext } from './context.js';
import { EXIT, exitCodeOf } from './output/exit-code.js';
import type { CliIo, StopSignal } from './io.js';
import { Output, isBrokenPipe } from './output/output.js';
import { createProgram } from './program.js';
import { errorText, reportedError } from './output/report-error.js';
import { secretsOf, withoutSecrets } from './output/secrets.js';
import { styleFor } from './output/style.js';

/**
 * Runs the command `dust-orm`.
 *
 * @param argv the arguments, without the program and the script
 * @returns the exit code; it never rejects
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const out = new Output(io.stdout);
  const err = new Output(io.stderr);
  const stop = new AbortController();
  let stoppedBy: StopSignal | undefined;
  const deafen = io.onSignal((signal) => {
    stoppedBy ??= signal;
    stop.abort();
  });
  let exitCode: number = EXIT.ok;
  const context: CliContext = {
    io,
    out,
    err,
    style: styleFor(out.isTerminal, io.env),
    signal: stop.signal,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    const code = exitCodeOf(error, stoppedBy);
    if (code !== EXIT.ok && stoppedBy === undefined) await report(error, argv, context);
    return code;
  } finally {
    deafen();
    out.release();
    err.release();
  }
}

async function report(error: unknown, argv: readonly string[], { io, err }: CliContext): Promise<void> {
  const reported = reportedError(error);
  if (reported === undefined) return;
  const text = argv.includes('--json')
    ? JSON.stringify({ error: reported })
    : errorText(error, reported, (io.env.DUST_DEBUG ?? '') !== '' && !(error instanceof CommanderError));
  try {
    await err.line(withoutSecrets(text, secretsOf(argv, io.env)));
  } catch (failure) {
    // Nobody reads standard error any more; the exit code still tells.
    if (!isBrokenPipe(failure)) throw failure;
  }
}
