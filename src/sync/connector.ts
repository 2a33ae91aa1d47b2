import type { DustError } from '../errors.js';
import { messageOf } from '../errors.js';
import type { SyncState, SyncStatus } from './engine-types.js';
import { EngineReport } from './engine-report.js';
import { connectionRefused } from './errors.js';
import { GapRepair } from './intake/gap-repair.js';
import type { ResolvedLimits } from './limits.js';
import type { SyncEngineOptions } from './options.js';
import type { SyncEngineParts } from './parts.js';
import type { LinkEnd } from './connection/link.js';
import { PrimaryLink } from './connection/primary-link.js';
import type { JoinReply } from './messages/read-messages.js';
import type { Replica } from './replica.js';
import { Watchdog } from './connection/watchdog.js';
import type { Writer } from './writer.js';

/** What a {@link Connector} tells of. */
export interface ConnectorEvents {
  onState(): void;
  /** The mirror is whole. */
  onLive(): void;
  /** The server refused the connection, and would again. */
  onRefused(error: DustError): void;
}

/** What a {@link Connector} connects. */
export interface ConnectorEnds {
  readonly replica: Replica;
  readonly writer: Writer;
  readonly events: ConnectorEvents;
}

/** The networking half of an engine: its state machine, from connection to connection. */
export class Connector {
  readonly #options: SyncEngineOptions;
  readonly #ends: ConnectorEnds;
  readonly #report: EngineReport;
  readonly #primary: PrimaryLink;
  readonly #repair: GapRepair;
  readonly #watchdog: Watchdog;
  #state: SyncState = 'connecting';
  #isCatchingUp = false;
  #isUsable = false;
  #disconnectedSince: number | undefined;
  /** Where the mirror stood when the present connection asked to join. */
  #joinedFrom = 0;
  #permissions: SyncStatus['permissions'];
  #features: SyncStatus['features'];

  constructor(
    options: SyncEngineOptions,
    limits: ResolvedLimits,
    parts: SyncEngineParts,
    ends: ConnectorEnds,
  ) {
    const { linker, clock, random } = options;
    const { replica, writer } = ends;
    const newPolicy = () => parts.createReconnectPolicy({ backoff: limits.backoff, random });
    const onRefused = (end: LinkEnd): void => {
      const error = end.kind === 'refused' ? end.error : undefined;
      ends.events.onRefused(error ?? connectionRefused(options.store, end.reason));
    };
    this.#options = options;
    this.#ends = ends;
    this.#report = new EngineReport(options);
    this.#primary = new PrimaryLink({
      linker,
      clock,
      limits,
      policy: newPolicy(),
      storeSeq: () => replica.intake.storeSeq,
      hasWrites: () => writer.size > 0,
      onConnecting: () => {
        this.#enter('connecting');
        this.#isCatchingUp = true;
        this.#joinedFrom = replica.intake.storeSeq;
        replica.intake.beginCatchUp();
        this.#enter('joining');
      },
      onJoined: (reply) => {
        this.#joined(reply);
      },
      onMessage: (event, payload) => {
        this.#receive(event, payload);
      },
      onLost: (end, delay) => {
        this.#disconnected(end);
        this.#enter('reconnecting', end.reason, delay);
      },
      onRefused,
    });
    this.#repair = new GapRepair({
      linker,
      clock,
      report: this.#report,
      limits,
      intake: replica.intake,
      feed: replica.feed,
      policy: newPolicy(),
      hasWrites: () => replica.isAwaited,
      onChange: () => {
        this.#repairChanged();
      },
      onRefused,
      onMovedBack: (present) => {
        this.#movedBack(present);
      },
    });
    this.#watchdog = new Watchdog({
      clock,
      idleTimeout: limits.idleTimeout,
      storeSeq: () => replica.intake.storeSeq,
      onAnswer: (current, asked) => {
        this.#toldOf(current, asked);
      },
    });
  }

  /** What the connection adds to an engine's status. */
  get status(): Pick<SyncStatus, 'state' | 'isUsable' | 'disconnectedSince' | 'permissions' | 'features'> {
    return {
      state: this.#state,
      isUsable: this.#isUsable,
      disconnectedSince: this.#disconnectedSince,
      permissions: this.#permissions,
      features: this.#features,
    };
  }

  open(): void {
    this.#disconnectedSince = this.#options.clock.now();
    this.#primary.open();
  }

  /** Ends everything, for good. */
  close(): void {
    this.#primary.close();
    this.#disconnected();
    this.#enter('closed');
  }

  /** Gives the connection up for another one. */
  lose(reason: string): void {
    this.#primary.lose(reason);
  }

  /** The number of writes that wait has changed. */
  writesChanged(): void {
    if (this.#ends.writer.size > 0) this.#primary.hurry();
  }

  /** More comes than the mirror can take: the server waits meanwhile. */
  hold(isHeld: boolean): void {
    this.#primary.hold(isHeld);
    this.#repair.hold(isHeld);
  }

  /** Something is known that may show a hole. */
  checkForHole(): void {
    if (this.#state === 'live') this.#repair.check(this.#ends.replica.isAwaited);
  }

  /** An operation was left out: it is a hole by now. */
  repairNow(): void {
    if (this.#state === 'live') this.#repair.begin();
  }

  /** Asks the server where the store stands. */
  ask(): void {
    const { calls } = this.#ends.writer;
    if (calls !== undefined) void this.#watchdog.ask(calls);
  }

  #enter(state: SyncState, reason?: string, delay?: number): void {
    const previous = this.#state;
    if (previous === state || previous === 'closed') return;
    this.#state = state;
    this.#report.connection({ state, previous, storeSeq: this.#ends.replica.storeSeq, reason, delay });
    this.#ends.events.onState();
  }

  /** The server has operations up to `current`; the mirror stood at `asked` when it was asked. */
  #toldOf(current: number, asked: number): void {
    const { replica } = this.#ends;
    if (current < asked) {
      this.#primary.lose('the store moved backwards');
    } else if (current > replica.intake.highestKnown) {
      const { storeSeq } = replica.intake;
      this.#report.repair({ kind: 'behind_when_idle', storeSeq, currentSeq: current });
      replica.intake.learnOf(current);
    }
    replica.progress();
  }

  #joined({ storeSeq, permissions, features }: JoinReply): void {
    const { replica, writer } = this.#ends;
    const { connection } = this.#primary;
    if (connection === undefined) return;
    this.#permissions = permissions;
    this.#features = features;
    // What came from beside the channel since may be more than there was when it was asked.
    if (storeSeq < this.#joinedFrom) {
      this.#movedBack(storeSeq);
      return;
    }
    replica.intake.catchUpJoined(storeSeq);
    this.#enter('catchingUp');
    writer.joined(connection);
  }

  #receive(event: string, payload: unknown): void {
    const { replica } = this.#ends;
    const { connection } = this.#primary;
    try {
      const throughSeq = replica.feed.receive(event, payload, this.#isCatchingUp ? 'catchUp' : 'live');
      if (throughSeq === undefined) return;
      void replica.intake.whole(throughSeq).then((isWhole) => {
        if (connection === undefined || connection !== this.#primary.connection) return;
        if (isWhole) this.#caughtUp();
        else this.#primary.lose('the catch-up was not complete');
      });
    } catch (error) {
      this.#options.logger.warn(`the server of ${this.#options.store} sent ${messageOf(error)}`);
      this.#primary.lose(messageOf(error));
    }
  }

  #caughtUp(): void {
    const { replica, writer, events } = this.#ends;
    const { connection } = this.#primary;
    const { calls } = writer;
    if (!this.#isCatchingUp || connection === undefined || calls === undefined) return;
    this.#isCatchingUp = false;
    replica.intake.endCatchUp(true);
    connection.push('ack_seq', { seq: replica.intake.storeSeq }, () => undefined);
    this.#isUsable = true;
    this.#disconnectedSince = undefined;
    this.#primary.markLive();
    this.#watchdog.start(connection, calls);
    this.#enter('live');
    events.onLive();
    writer.caughtUp().catch((error: unknown) => {
      if (connection === this.#primary.connection) this.#primary.lose(messageOf(error));
    });
  }

  /** What every end of a connection has in common. */
  #disconnected(end?: LinkEnd): void {
    const { replica, writer } = this.#ends;
    this.#disconnectedSince ??= this.#options.clock.now();
    this.#watchdog.stop();
    this.#repair.stop();
    if (this.#isCatchingUp) replica.intake.endCatchUp(false);
    this.#isCatchingUp = false;
    writer.connectionLost(end);
    replica.intake.reset();
  }

  /** The store has been restored from a backup (PROTOCOL §5.7). */
  #movedBack(present: number): void {
    const { logger, store } = this.#options;
    const { replica, writer } = this.#ends;
    this.#report.repair({
      kind: 'regression',
      storeSeq: replica.intake.storeSeq,
      currentSeq: present,
    });
    this.#primary.close();
    this.#disconnected();
    writer.moveBackTo(present);
    this.#enter('reconnecting', 'the store moved backwards');
    const whileWanted = (open: () => void): void => {
      if (this.#state === 'reconnecting') open();
    };
    replica.startOver(present).then(
      () => {
        whileWanted(() => {
          this.#primary.open();
        });
      },
      (error: unknown) => {
        const fault = `the mirror of the store ${store} could not be written: ${messageOf(error)}`;
        logger.error(fault);
        // The next connection finds the same, and a disk that is full stays so for a while.
        whileWanted(() => {
          this.#primary.openLater(fault);
        });
      },
    );
  }

  #repairChanged(): void {
    if (this.#state === 'live' && this.#repair.isActive) this.#enter('repairing');
    else if (this.#state === 'repairing' && !this.#repair.isActive) this.#enter('live');
  }
}
