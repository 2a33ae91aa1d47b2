import { messageOf } from '../../errors.js';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { Connection } from '../connection/connection.js';
import type { EngineReport } from '../engine-report.js';
import type { Intake } from './intake.js';
import type { ResolvedLimits } from '../limits.js';
import { inboxOf } from '../limits.js';
import type { LinkEnd, Linker } from '../connection/link.js';
import type { MessageFeed } from './message-feed.js';
import type { ReconnectPolicy } from '../connection/reconnect-policy.js';

/** What a {@link GapRepair} is made of. */
export interface GapRepairOptions {
  readonly linker: Linker;
  readonly clock: Clock;
  readonly report: EngineReport;
  readonly limits: Pick<ResolvedLimits, 'gapTimeout' | 'pushTimeout' | 'inbox' | 'inboxBytes'>;
  readonly intake: Intake;
  readonly feed: MessageFeed;
  readonly policy: ReconnectPolicy;
  /** Whether writes wait for what is missing. */
  readonly hasWrites: () => boolean;
  /** A repair has begun or ended. */
  readonly onChange: () => void;
  readonly onRefused: (end: LinkEnd) => void;
  /** The store stands at less than the mirror does. */
  readonly onMovedBack: (present: number) => void;
}

/** How long an own write that is acknowledged waits for the one before it, in milliseconds: they often cross. */
const URGENT_DELAY = 50;

/**
 * Fills holes in the sequence of operations by catching up on a second link: joining again on the first would drop the
 * writes that are in flight there (PROTOCOL §5.4, §5.10).
 */
export class GapRepair {
  readonly #options: GapRepairOptions;
  #connection: Connection | undefined;
  #isCatchingUp = false;
  #timer: { readonly due: number; readonly cancel: () => void } | undefined;
  #isBackingOff = false;

  constructor(options: GapRepairOptions) {
    this.#options = options;
  }

  /** Whether a repair is under way. */
  get isActive(): boolean {
    return this.#connection !== undefined || this.#isBackingOff;
  }

  /** To be called whenever there may be a hole. `isUrgent`: somebody waits for what is behind it. */
  check(isUrgent: boolean): void {
    const { intake, limits } = this.#options;
    if (!intake.hasHole || this.isActive) return;
    this.#arm(isUrgent ? Math.min(URGENT_DELAY, limits.gapTimeout) : limits.gapTimeout);
  }

  /** Begins now. */
  begin(): void {
    if (this.isActive) return;
    this.#arm(0);
  }

  /** Takes nothing more from the second link until it is told otherwise. */
  hold(isHeld: boolean): void {
    this.#connection?.hold(isHeld);
  }

  /** Ends what is under way. */
  stop(): void {
    this.#isBackingOff = false;
    this.#timer?.cancel();
    this.#end(false);
  }

  #arm(delay: number): void {
    const { clock, intake } = this.#options;
    const due = monotonicOf(clock) + delay;
    if (this.#timer !== undefined && this.#timer.due <= due) return;
    this.#timer?.cancel();
    const standing = intake.arrivedThrough;
    const stop = clock.schedule(() => {
      this.#timer = undefined;
      if (!intake.hasHole) this.#recover();
      else if (intake.arrivedThrough === standing || delay === 0) this.#repair();
      else this.#arm(delay);
    }, delay);
    const cancel = (): void => {
      stop();
      this.#timer = undefined;
    };
    this.#timer = { due, cancel };
  }

  #repair(): void {
    const { linker, clock, limits, intake, onChange } = this.#options;
    const { storeSeq: from, highestKnown: known } = intake;
    if (!this.#isBackingOff) this.#tell('gap_found');
    this.#isBackingOff = false;
    this.#isCatchingUp = true;
    intake.beginCatchUp();
    const connection: Connection = new Connection(
      {
        linker,
        clock,
        pushTimeout: limits.pushTimeout,
        inbox: inboxOf(limits),
        handlers: {
          onJoined: ({ storeSeq }) => {
            this.#joined(storeSeq, known);
          },
          onMessage: (event, payload) => {
            this.#receive(connection, event, payload);
          },
          onEnd: (end) => {
            this.#failed(end);
          },
        },
      },
      from,
    );
    this.#connection = connection;
    onChange();
  }

  /**
   * A store that lacks what the mirror has, and what was known of it before it was asked, has moved backwards. What the first link has told
   * of since may be more than there was when the second one joined.
   */
  #joined(present: number, known: number): void {
    const { intake, onMovedBack } = this.#options;
    // More was known than the mirror had: there was a hole.
    if (present < intake.storeSeq && present < known) {
      onMovedBack(present);
      return;
    }
    if (known > present) intake.forgetBeyond(present);
    intake.catchUpJoined(present);
  }

  #receive(connection: Connection, event: string, payload: unknown): void {
    const { feed, intake } = this.#options;
    try {
      const throughSeq = feed.receive(event, payload, 'catchUp');
      if (throughSeq === undefined) return;
      void intake.whole(throughSeq).then((isWhole) => {
        if (this.#connection !== connection) return;
        if (isWhole) this.#succeeded();
        else connection.end({ kind: 'lost', reason: 'the catch-up was not complete' });
      });
    } catch (error) {
      connection.end({ kind: 'lost', reason: messageOf(error) });
    }
  }

  #succeeded(): void {
    this.#options.policy.reset();
    this.#end(true);
    this.#tell('gap_filled');
    this.#options.onChange();
  }

  #failed(end: LinkEnd): void {
    const { policy, intake, report, hasWrites, onRefused } = this.#options;
    this.#end(false);
    const delay = policy.delayAfter(end, { outage: Infinity, hasWrites: hasWrites() });
    if (delay === undefined) {
      onRefused(end);
      return;
    }
    report.repair({ kind: 'gap_left_open', storeSeq: intake.storeSeq, reason: end.reason, delay });
    this.#isBackingOff = true;
    this.#arm(delay);
  }

  /** The hole was filled from elsewhere while nothing was under way. */
  #recover(): void {
    const wasActive = this.isActive;
    this.#isBackingOff = false;
    if (!wasActive) return;
    this.#tell('gap_filled');
    this.#options.onChange();
  }

  #tell(kind: 'gap_found' | 'gap_filled'): void {
    const { intake, report } = this.#options;
    report.repair({ kind, storeSeq: intake.storeSeq, highestKnown: intake.highestKnown });
  }

  #end(isWhole: boolean): void {
    this.#connection?.close();
    this.#connection = undefined;
    if (this.#isCatchingUp) this.#options.intake.endCatchUp(isWhole);
    this.#isCatchingUp = false;
  }
}
