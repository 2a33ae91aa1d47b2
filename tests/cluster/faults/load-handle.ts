import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../parts/machine.js';
import type { Waits } from './load/journal.js';
import type { LoadSettings, Order, Report } from './load/load-process.js';

/** The process of the clients, as the drive sees it. Orders are obeyed one after the other. */
export class LoadHandle {
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when all clients are at work. */
  static async begin(
    machine: Machine,
    { home, log, settings }: { readonly home: string; readonly log: string; readonly settings: LoadSettings },
  ): Promise<LoadHandle> {
    const program = fileURLToPath(new URL('load/load-process.js', import.meta.url));
    const said = openSync(log, 'a');
    const child = machine.spawn(
      process.execPath,
      ['--enable-source-maps', program, JSON.stringify(settings)],
      {
        cwd: home,
        stdio: ['ignore', said, said, 'ipc'],
      },
    );
    const handle = new LoadHandle(child);
    await handle.#hear(({ begun }) => begun === true);
    return handle;
  }

  move(): Promise<unknown> {
    return this.#ask({ do: 'move' });
  }

  avoid(node: number, isAvoided: boolean): Promise<unknown> {
    return this.#ask({ do: 'avoid', node, isAvoided });
  }

  noteNewData(node: number): Promise<unknown> {
    return this.#ask({ do: 'noteNewData', node });
  }

  /** Resolves when clients write again, or a minute later. */
  settle(): Promise<unknown> {
    return this.#ask({ do: 'settle' });
  }

  async waits(from: number, to: number): Promise<Waits> {
    const { waits } = await this.#ask({ do: 'waits', from, to });
    if (waits === undefined) throw new TypeError('no waits were told');
    return waits;
  }

  /** Lets what is under way end, and resolves to what was found. */
  async end(): Promise<NonNullable<Report['findings']>> {
    const { findings } = await this.#ask({ do: 'end' });
    if (findings === undefined) throw new TypeError('no findings were told');
    return findings;
  }

  #ask(order: Order): Promise<Report> {
    const answer = this.#last.then(() => {
      this.#child.send(order);
      return this.#hear(({ done }) => done === order.do);
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** @throws Error when the process ends instead */
  async #hear(isIt: (report: Report) => boolean): Promise<Report> {
    const ended = new AbortController();
    const gone = once(this.#child, 'exit', { signal: ended.signal }).then(([code]): never => {
      throw new Error(`the clients ended by themselves: ${String(code)}`);
    });
    gone.catch(() => undefined);
    try {
      for (;;) {
        const [report] = (await Promise.race([once(this.#child, 'message'), gone])) as [Report];
        if (isIt(report)) return report;
      }
    } finally {
      ended.abort();
    }
  }
}
