import type { ChildProcess, StdioOptions } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import process from 'node:process';

/** How a program is begun on a {@link Machine}. */
export interface Launch {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
  /** As a user of no rights: PostgreSQL refuses to run as root. */
  readonly asNobody?: boolean;
}

/** Where programs run that others reach over a network. */
export interface Machine {
  readonly address: string;
  spawn(program: string, args: readonly string[], launch: Launch): ChildProcess;
  /** Makes a folder one of the user of no rights. */
  giveAway(folder: string): void;
}

/** Who has no rights, where this process is root's; undefined elsewhere: this process has none itself. */
export function nobody(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** This machine, on its loopback address. */
export class ThisMachine implements Machine {
  readonly address = '127.0.0.1';
  readonly #nobody = nobody();

  spawn(program: string, args: readonly string[], { asNobody = false, ...launch }: Launch): ChildProcess {
    return spawn(program, args, { ...launch, ...(asNobody ? this.#nobody : undefined) });
  }

  giveAway(folder: string): void {
    if (this.#nobody !== undefined) chownSync(folder, this.#nobody.uid, this.#nobody.gid);
  }
}
