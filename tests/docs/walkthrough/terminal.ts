import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { words } from '../transcripts/command-line.js';

const BUILT_IN: ReadonlySet<string> = new Set(['mkdir', 'cd', 'export']);

/** How the commands of a terminal are carried out. */
export interface TerminalOptions {
  /** Where it opens. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The words that are really run for those of the page. */
  readonly actualWords: (words: readonly string[]) => readonly string[];
  /** The most milliseconds that one command may take. */
  readonly patience: number;
}

/** What a page shows as a terminal: one folder, one set of variables, and at most one program at a time. */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #variables = new Map<string, string>();
  #folder: string;
  #printed = '';
  #seen = 0;
  #program: ChildProcess | undefined;
  #hasEnded = true;
  readonly #news = new EventEmitter();

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#folder = options.folder;
  }

  /** Where its next command runs. */
  get folder(): string {
    return this.#folder;
  }

  /** Runs a command to its end and returns what it printed. @throws Error when it fails or takes too long */
  async run(command: string): Promise<string[]> {
    if (!this.start(command)) return [];
    await this.#until(() => this.#hasEnded);
    const lines = this.#take();
    const exitCode = this.#program?.exitCode ?? 'none';
    if (exitCode !== 0) throw new Error(`It ended with exit code ${exitCode}:\n${lines.join('\n')}`);
    return lines;
  }

  /** Starts what a command names, and says whether it runs now; `mkdir`, `cd` and `export` are done at once. */
  start(command: string): boolean {
    const [program, ...args] = this.#options.actualWords(words(command, this.#variables));
    if (program === 'mkdir') mkdirSync(resolve(this.#folder, args[0]!));
    else if (program === 'cd') this.#folder = resolve(this.#folder, args[0]!);
    else if (program === 'export') this.#export(args);
    else this.#spawn(program!, args);
    return program === undefined || !BUILT_IN.has(program);
  }

  /** Waits for so many more lines of what runs, and returns them with any others that came. */
  async look(count: number): Promise<string[]> {
    await this.#until(() => this.#hasEnded || this.#unseen.split('\n').length > count);
    return this.#take();
  }

  /** Ends what runs, with all that it has started. */
  async close(): Promise<void> {
    const program = this.#program;
    if (program?.pid === undefined || this.#hasEnded) return;
    if (process.platform === 'win32') program.kill();
    else endGroup(program.pid);
    await this.#until(() => this.#hasEnded);
  }

  #export(assignments: readonly string[]): void {
    for (const assignment of assignments) {
      const equals = assignment.indexOf('=');
      this.#variables.set(assignment.slice(0, equals), assignment.slice(equals + 1));
    }
  }

  #spawn(command: string, args: readonly string[]): void {
    const isWindows = process.platform === 'win32';
    const program = spawn(command, args, {
      cwd: this.#folder,
      env: { ...this.#options.environment, ...Object.fromEntries(this.#variables) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what npx starts ends with it.
      detached: !isWindows,
      shell: isWindows,
    });
    for (const stream of [program.stdout, program.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += text;
        this.#news.emit('news');
      });
    }
    program.once('error', (error) => {
      this.#printed += `${error.message}\n`;
    });
    program.once('close', () => {
      this.#hasEnded = true;
      this.#news.emit('news');
    });
    this.#program = program;
    this.#hasEnded = false;
  }

  async #until(isDone: () => boolean): Promise<void> {
    const { patience } = this.#options;
    const deadline = Date.now() + patience;
    while (!isDone()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`It took more than ${patience / 1000} s. It printed:\n${this.#unseen}`);
      await once(this.#news, 'news', { signal: AbortSignal.timeout(left) }).catch(() => undefined);
    }
  }

  get #unseen(): string {
    return this.#printed.slice(this.#seen).replaceAll('\r\n', '\n');
  }

  #take(): string[] {
    const text = this.#unseen.replace(/\n+$/, '');
    this.#seen = this.#printed.length;
    return text === '' ? [] : text.split('\n');
  }
}

/** Ends a process and all that it has started; does nothing when they have just ended by themselves. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
