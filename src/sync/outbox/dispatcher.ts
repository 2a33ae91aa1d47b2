import type { PushReply } from '../connection/link.js';
import { Pause } from '../pause.js';
import type { OutboxPorts, WriteChannel } from './outbox-ports.js';
import type { PendingWrite } from './pending-write.js';
import type { Submission } from './submission.js';
import type { Suspect } from './suspect.js';
import { WriteQueue } from './write-queue.js';
import { WritesInFlight } from './writes-in-flight.js';

type DispatcherPorts = Pick<
  OutboxPorts,
  'clock' | 'limits' | 'delivery' | 'rateLimit' | 'fence' | 'openSession' | 'storeSeq'
>;

/** What a {@link Dispatcher} tells of. */
export interface DispatcherEvents {
  /** The server has answered a write. */
  onReply(write: PendingWrite, reply: PushReply): void;
  /** The server refuses the session that the write needs. */
  onNoSession(write: PendingWrite, error: unknown): void;
}

/** Sends the writes that wait, in their order and as many at a time as may be, while nothing is in their way. */
export class Dispatcher {
  readonly #ports: DispatcherPorts;
  readonly #suspect: Suspect;
  readonly #events: DispatcherEvents;
  readonly #queue = new WriteQueue();
  readonly #inFlight = new WritesInFlight();
  readonly #pause: Pause;
  #channel: WriteChannel | undefined;
  #isOpeningSession = false;
  /** The channel that nothing is sent over until {@link connect}. */
  #held: WriteChannel | undefined;

  constructor(ports: DispatcherPorts, suspect: Suspect, events: DispatcherEvents) {
    this.#ports = ports;
    this.#suspect = suspect;
    this.#events = events;
    this.#pause = new Pause(ports.clock, () => {
      this.pump();
    });
  }

  /** Whether a connection stands. */
  get isConnected(): boolean {
    return this.#channel !== undefined;
  }

  /** The number of writes that wait to be sent. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Those that have no reply. */
  get inFlight(): Iterable<PendingWrite> {
    return this.#inFlight.values();
  }

  /** Puts a write among those that wait, where it belongs. {@link pump} sends it. */
  enqueue(write: PendingWrite): void {
    this.#queue.add(write);
  }

  /** It is not to be sent any more. */
  withdraw(write: PendingWrite): void {
    this.#queue.remove(write);
  }

  /** Sends over this connection from the next {@link pump} on. */
  connect(channel: WriteChannel): void {
    this.#channel = channel;
    this.#held = undefined;
  }

  /**
   * The connection is lost. Takes out what was in flight, in the order it was asked for. `isCrash`: the server died of something
   * that it was sent.
   */
  disconnect(isCrash: boolean): readonly PendingWrite[] {
    this.#channel = undefined;
    const culprit = isCrash ? this.#inFlight.firstUnanswered : undefined;
    if (culprit !== undefined) this.#suspect.blame(culprit);
    this.#isOpeningSession = false;
    this.#pause.callOff();
    return this.#inFlight.takeAll();
  }

  /** Sends nothing for so many milliseconds. */
  pauseFor(ms: number): void {
    this.#pause.begin(ms);
  }

  /** Sends nothing until it is connected anew. Returns false where that was so already. */
  hold(): boolean {
    if (this.#held === this.#channel) return false;
    this.#held = this.#channel;
    return true;
  }

  /** Sends what may be sent now. */
  pump(): void {
    const { limits } = this.#ports;
    while (this.#channel !== undefined && this.#held !== this.#channel && !this.#pause.isOn) {
      const next = this.#queue.first;
      if (next === undefined || this.#inFlight.size >= this.#roomFor(next)) return;
      const bytes = this.#inFlight.bytes + next.bytes;
      if (this.#inFlight.size > 0 && bytes > limits.inFlightBytes) return;
      if (this.#needsSession(next.submission) && this.#ports.fence() === undefined) {
        this.#openSession(next);
        return;
      }
      this.#queue.shift();
      this.#send(next, this.#channel);
    }
  }

  /** How many may be in flight with this one: a suspect has no company, which would be lost with the next crash. */
  #roomFor(write: PendingWrite): number {
    const { write: suspect } = this.#suspect;
    const isAlone = suspect === write || (suspect !== undefined && this.#inFlight.has(suspect));
    return isAlone || this.#ports.rateLimit.isOn ? 1 : this.#ports.limits.inFlight;
  }

  #needsSession({ isRepeatable, callerFence }: Submission): boolean {
    return this.#ports.delivery === 'exactly-once' && !isRepeatable && callerFence === undefined;
  }

  #openSession(first: PendingWrite): void {
    if (this.#isOpeningSession) return;
    this.#isOpeningSession = true;
    const channel = this.#channel;
    const goOn = (): void => {
      this.#isOpeningSession = false;
      this.pump();
    };
    this.#ports.openSession().then(
      () => {
        if (this.#channel === channel) goOn();
      },
      (error: unknown) => {
        if (this.#channel !== channel) return;
        this.#events.onNoSession(first, error);
        goOn();
      },
    );
  }

  #send(write: PendingWrite, channel: WriteChannel): void {
    const { submission } = write;
    const fence = submission.callerFence === undefined ? this.#ports.fence() : undefined;
    write.state = 'inFlight';
    write.token = fence?.token;
    write.sendNumber = this.#ports.rateLimit.sent();
    write.sentAt = this.#ports.storeSeq();
    write.mayBeSkipped = false;
    this.#inFlight.add(write);
    const payload =
      fence === undefined
        ? submission.payload
        : { ...submission.payload, fence: { key: fence.key, token: fence.token } };
    channel.push(submission.event, payload, (reply) => {
      this.#inFlight.remove(write);
      this.#events.onReply(write, reply);
      this.pump();
    });
  }
}
