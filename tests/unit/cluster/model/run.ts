import { createMemoryStorage } from '../../../../src/store/index.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { Draw } from '../../query/plan/model/draw.js';
import { Asker, PLAIN } from './asked.js';
import { compare } from './comparing.js';
import type { Mutation } from './member.js';
import { Member } from './member.js';
import { Oracle } from './oracle.js';
import { ScriptedLog } from './scripted-log.js';
import { Turns, goOn } from './turns.js';

/** A history to be drawn. */
export interface Script {
  readonly seed: number;
  readonly members: number;
  readonly steps: number;
  readonly mutation?: Mutation | undefined;
  /** Opens what a member keeps, which is empty for each new generation. Default: one storage in memory for all its lives. */
  readonly open?: ((index: number, generation: number) => Promise<StoreStorage>) | undefined;
}

const MINUTE = 60_000;

/** No more members than this, those that come later included. */
const MOST_MEMBERS = 5;

/** Nothing happens for so many seconds: a frame that nobody waits for any more is tried again within two. */
const CALM = 4;

/** What came about in a history. */
export interface Happened {
  /** Entries of the log that were trimmed away. */
  trimmed: number;
  /** Snapshots that empty nodes took. */
  filled: number;
  /** Snapshots that took the place of a state. */
  replaced: number;
  /** Lives that began in the middle of one. */
  interrupted: number;
}

/** Draws a history of a cluster and throws where it is not what a plain store makes of the same log. */
export async function runCluster(script: Script): Promise<Happened> {
  const run = new ClusterRun(script);
  try {
    await run.history();
    await run.rest();
    await run.compare();
    return run.happened;
  } catch (error) {
    throw new Error(`seed ${script.seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await run.end();
  }
}

class ClusterRun {
  readonly #script: Script;
  readonly #draw: Draw;
  readonly #clock = new TestClock();
  readonly #turns = new Turns();
  readonly #log: ScriptedLog;
  readonly #asker: Asker;
  readonly #members: Member[] = [];
  /** How far the clocks of the members are off. */
  readonly #skews: number[] = [];

  constructor(script: Script) {
    this.#script = script;
    this.#draw = new Draw(script.seed);
    this.#log = new ScriptedLog(this.#clock, this.#draw, this.#turns);
    this.#asker = new Asker(this.#draw, () => this.#clock.now());
  }

  get happened(): Happened {
    const lives = this.#members.flatMap((member) => member.lives);
    const sum = (of: (life: (typeof lives)[number]) => number): number =>
      lives.reduce((total, life) => total + of(life), 0);
    return {
      trimmed: this.#log.trimmed,
      filled: sum(({ restored, begunAt }) => (begunAt === 0 ? restored : 0)),
      replaced: sum(({ restored, begunAt }) => (begunAt === 0 ? 0 : restored)),
      interrupted: sum(({ isInterrupted }) => Number(isInterrupted)),
    };
  }

  async history(): Promise<void> {
    const { members, steps } = this.#script;
    for (let i = 0; i < members; i++) await this.#start(i);
    for (let i = 0; i < steps; i++) {
      await this.#step();
      await goOn();
    }
  }

  /** Nothing goes wrong any more, and all comes to rest. */
  async rest(): Promise<void> {
    this.#turns.calm();
    for (const { life } of this.#members) life.storage.killAfter(Infinity, true);
    await goOn(4);
    for (const member of this.#members) await this.#revive(member);
    for (let i = 0, calm = 0; calm < CALM; i++) {
      if (i === 100) throw new Error('it does not come to rest');
      const { last } = this.#log.memory.bounds;
      await this.#clock.advance(1_000);
      await goOn();
      this.#assertWell();
      const isCalm = !this.#asker.isWaiting && !this.#isBehind && last === this.#log.memory.bounds.last;
      calm = isCalm ? calm + 1 : 0;
    }
    const uses = this.#members.map(({ life }) => life.store.useIndexes('r', [PLAIN]));
    for (const use of await Promise.all(uses)) use.release();
  }

  async compare(): Promise<void> {
    const oracle = new Oracle(this.#asker.contents);
    for (const entry of this.#log.entries) await oracle.feed(entry);
    const use = await oracle.store.useIndexes('r', [PLAIN]);
    use.release();
    compare(this.#members, oracle, this.#asker);
    await oracle.store.close();
  }

  async end(): Promise<void> {
    this.#turns.calm();
    for (const member of this.#members) {
      if (member.isOpen) member.close();
      for (let i = 0; i < 40 && member.life.state === 'closing'; i++) await this.#clock.advance(1_000);
      if (member.life.state === 'dead') await member.bury();
    }
  }

  get #isBehind(): boolean {
    const { last } = this.#log.memory.bounds;
    return this.#members.some(({ life: { node } }) => {
      const { state } = node;
      return state.name !== 'following' || state.position < last;
    });
  }

  #assertWell(): void {
    for (const { parts, life } of this.#members) {
      const { state } = life.node;
      if (state.name === 'halted') {
        throw new Error(`member ${parts.index} has halted: ${state.cause.message}`);
      }
    }
  }

  async #start(index: number): Promise<void> {
    const { mutation = {}, open: openKept } = this.#script;
    let [kept, generation] = [createMemoryStorage(), 0];
    const open = (): Promise<StoreStorage> => openKept?.(index, generation) ?? Promise.resolve(kept);
    const wipe = (): void => {
      kept = createMemoryStorage();
      generation++;
    };
    this.#skews.push(0);
    const clock = {
      now: () => this.#clock.now() + this.#skews[index]!,
      monotonic: () => this.#clock.monotonic(),
      schedule: (callback: () => void, ms: number) => this.#clock.schedule(callback, ms),
    };
    const random = (): number => this.#draw.int(1_000) / 1_000;
    this.#members.push(await Member.start({ index, log: this.#log, clock, random, open, wipe, mutation }));
  }

  async #step(): Promise<void> {
    const draw = this.#draw;
    const at = draw.int(1_075);
    const member = draw.of(this.#members);
    if (at < 430) {
      this.#turns.release(draw);
    } else if (at < 760) {
      this.#assertWell();
      if (member.isOpen && member.life.node.state.name === 'following') this.#asker.ask(member.life);
    } else if (at < 900) {
      await this.#clock.advance(draw.int(800));
    } else if (at < 905) {
      await this.#clock.advance(11 * MINUTE);
    } else if (at < 907) {
      await this.#clock.advance(61 * MINUTE);
    } else if (at < 930) {
      this.#skews[member.parts.index] = draw.int(20_000) - 10_000;
    } else if (at < 955) {
      this.#log.deliverLate();
    } else if (at < 965) {
      if (member.isOpen) member.life.storage.killAfter(draw.int(3), draw.percent(50));
    } else if (at < 975) {
      if (member.isOpen) member.close();
    } else if (at < 1_000) {
      await this.#beginAgain(member);
    } else if (at < 1_060) {
      // It is warned of where it fails, as any that nobody asked for.
      if (member.isOpen) member.life.node.snapshot().catch(() => undefined);
    } else if (at < 1_070) {
      await this.#log.damageNewest();
    } else if (this.#members.length < MOST_MEMBERS) {
      await this.#start(this.#members.length);
    }
    for (const { life } of this.#members) if (life.state === 'dead') this.#asker.ended(life);
  }

  async #beginAgain(member: Member): Promise<void> {
    const { state } = member.life;
    if (state === 'dead') await member.bury();
    if (state !== 'dead' && state !== 'closed') return;
    if (!this.#turns.isCalm && this.#draw.percent(20)) member.parts.wipe();
    await member.begin();
  }

  async #revive(member: Member): Promise<void> {
    for (let i = 0; member.life.state === 'closing'; i++) {
      if (i === 100) throw new Error(`member ${member.parts.index} does not close`);
      await this.#clock.advance(1_000);
    }
    if (member.life.state === 'dead') this.#asker.ended(member.life);
    await this.#beginAgain(member);
  }
}
