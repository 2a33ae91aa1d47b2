import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { CliIo, StopSignal } from '../../../src/cli/io.js';
import { run } from '../../../src/cli/run.js';
import type { Clock } from '../../../src/clock.js';
import { systemClock } from '../../../src/clock.js';
import type { ServeOptions } from '../../../src/server/index.js';
import { serve } from '../../../src/server/index.js';

/** A stream that keeps what it is given, and breaks as a closed pipe does after `breaksAfter` writes. */
export class Screen extends Writable {
  readonly isTTY: boolean;
  text = '';
  breaksAfter = Number.POSITIVE_INFINITY;
  /** Takes no more than has begun, until {@link goOn}. */
  stalls = false;
  #held: (() => void) | undefined;
  onText: (text: string) => void = () => {};

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.breaksAfter-- <= 0) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return;
    }
    const take = (): void => {
      this.text += chunk;
      done();
      this.onText(this.text);
    };
    if (this.stalls) this.#held = take;
    else take();
  }

  /** Takes what waits, and all that comes. */
  goOn(): void {
    this.stalls = false;
    this.#held?.();
    this.#held = undefined;
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}

/** What one run of the command left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly lines: readonly string[];
}

/** What differs from a plain run. */
export interface RunOptions {
  readonly stdin?: AsyncIterable<string | Uint8Array>;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  /** Where the command runs; default the folder of this world. */
  readonly cwd?: string;
  readonly clock?: Clock;
  /** Output breaks after so many writes. */
  readonly breaksAfter?: number;
  /** Is given what to call when a person presses Enter; standard input is a terminal then. */
  readonly onLine?: CliIo['onLine'];
  /** Is given what sends a signal, before the command runs. */
  readonly onStart?: (signal: (name: StopSignal) => void) => void;
  /** Sees errors and progress while the command runs. */
  readonly onError?: (text: string) => void;
  /** Sees the command while it runs. */
  readonly onOutput?: (text: string, signal: (name: StopSignal) => void) => void;
}

export async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* parts;
}

/** A folder, an environment and servers for the commands of one test file; all gone afterwards. */
export class CliWorld {
  folder = '';
  env: Record<string, string> = {};
  readonly #closing: (() => Promise<void>)[] = [];

  /** To be called once, at the top of a test file. */
  static use(): CliWorld {
    const world = new CliWorld();
    beforeEach(async () => {
      world.folder = await mkdtemp(join(tmpdir(), 'dust-cli-'));
    });
    afterEach(async () => {
      for (const close of world.#closing.splice(0)) await close();
      world.env = {};
      await rm(world.folder, { recursive: true, force: true });
    });
    return world;
  }

  /** Starts a server and points the environment at it. */
  async serve(options: ServeOptions = {}): Promise<string> {
    const server = await serve({ port: 0, stores: ['acme/reading'], rateLimits: false, ...options });
    this.#closing.push(() => server.close());
    this.env.DUST_BASE_URL = server.url;
    this.env.DUST_TOKEN = server.token;
    this.env.DUST_STORE = 'acme/reading';
    return server.url;
  }

  onClose(close: () => Promise<void>): void {
    this.#closing.push(close);
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { stdin = chunks(), env = this.env, isTTY = false, breaksAfter, clock = systemClock } = options;
    const { onStart, onOutput, onLine, onError } = options;
    const stdout = new Screen(isTTY);
    const stderr = new Screen(isTTY);
    const listeners = new Set<(signal: StopSignal) => void>();
    const signal = (name: StopSignal): void => {
      for (const listener of listeners) listener(name);
    };
    onStart?.(signal);
    if (breaksAfter !== undefined) stdout.breaksAfter = breaksAfter;
    stdout.onText = (text) => onOutput?.(text, signal);
    stderr.onText = (text) => onError?.(text);
    const io: CliIo = {
      stdout,
      stderr,
      stdin,
      onLine,
      env,
      cwd: options.cwd ?? this.folder,
      clock,
      version: '1.2.3',
      onSignal: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const code = await run(argv, io);
    expect(listeners.size).toBe(0);
    return { code, out: stdout.text, err: stderr.text, lines: stdout.lines };
  }
}
