import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import type { Finding, FindingStatus } from '../doctor/finding.js';
import { shownLines } from '../output/shown-text.js';
import { EXIT } from '../output/exit-code.js';
import type { Style } from '../output/style.js';
import { addTargetFlags } from '../input/target-flags.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';

interface DoctorFlags extends TargetFlags, JsonFlag {
  readonly cluster?: string;
  readonly verify?: true;
  readonly repair?: true;
  readonly records?: true;
}

/** `doctor`: says in plain words what stands between a program and its data. */
export function addDoctor(program: Command, context: CliContext): void {
  addTargetFlags(
    program
      .command('doctor')
      .description(
        'check configuration, entities, server, token and store, and say what to do; changes nothing without --repair',
      )
      .option(
        '--cluster <url>',
        'look at the log of a cluster, with --store; or at that of --config, or DUST_CLUSTER_URL',
      )
      .option('--repair', 'on a server of version 0.1, mend the claims that keep values unique')
      .option('--records', 'read all records of the entities, and count those that do not fit, and why')
      .option('--verify', 'walk all of the data in the folder of an embedded store, and say what is lost'),
  ).action((flags: DoctorFlags) => doctor(flags, context));
}

async function doctor(flags: DoctorFlags, context: CliContext): Promise<void> {
  const { out, style } = context;
  const { examine } = await import('../doctor/examine.js');
  const findings: Finding[] = [];
  for await (const finding of examine(flags, context, {
    verify: flags.verify === true,
    repair: flags.repair === true,
    records: flags.records === true,
  })) {
    findings.push(finding);
    if (flags.json !== true) await out.line(asText(finding, style));
  }
  const healthy = findings.every(({ status }) => status !== 'fail');
  if (flags.json === true) await out.line(JSON.stringify({ healthy, findings }));
  if (!healthy) context.setExitCode(EXIT.failed);
}

function asText({ check, status, message }: Finding, style: Style): string {
  const colours: Readonly<Record<FindingStatus, (text: string) => string>> = {
    ok: style.green,
    warn: style.yellow,
    fail: style.red,
  };
  return `${colours[status](status.padEnd(4))}  ${check.padEnd(13)}  ${shownLines(message).replaceAll('\n', `\n${' '.repeat(21)}`)}`;
}
