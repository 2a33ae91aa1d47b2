import * as fc from 'fast-check';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { silentLogger } from '../../../src/logging.js';
import type { Frame } from '../../../src/protocol/wire/frames.js';
import { jsonCodec, messagePackCodec } from '../../../src/protocol/wire/frame-codec.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { createMemoryStorage } from '../../../src/store/index.js';
import type { Linker } from '../../../src/sync/index.js';
import { SyncEngine } from '../../../src/sync/index.js';
import { DEFAULT_LIMITS, inboxOf } from '../../../src/sync/limits.js';
import { PhoenixLink } from '../../../src/sync/phoenix/phoenix-link.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { Fault, expectThat } from '../engine/fault.js';
import { outcomeOfPromise } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asBytes } from '../inputs/form.js';
import type { Form } from '../inputs/form.js';
import { mutate, MUTATION_KINDS } from '../inputs/mutate-bytes.js';
import { mutatedJson } from '../inputs/mutated-json.js';
import { nestedText } from '../inputs/nested-text.js';
import { STRINGS } from '../inputs/words.js';
import { FUZZED_STORE, JOIN_REPLY, SERVER_FRAMES } from './frame-samples.js';
import { HostileSocket, packagesWith } from './hostile-socket.js';

const CODECS = { json: jsonCodec, messagepack: messagePackCodec } as const;

/** What a server answers to a join, and what it says afterwards: JSON that is encoded when references are known, or bytes. */
interface Script {
  readonly codec: keyof typeof CODECS;
  readonly joinReply: JsonValue;
  readonly says: readonly Said[];
}

interface Said {
  readonly frame: JsonValue;
  /** Said instead of the frame. */
  readonly bytes?: JsonValue;
}

const form: Form<Script> = {
  write: ({ codec, joinReply, says }) => ({ codec, joinReply, says: says.map((said) => ({ ...said })) }),
  read: (stored) => stored as unknown as Script,
};

const frames = mutatedJson(SERVER_FRAMES).map((frame): Said => ({ frame }));
const garbled = fc
  .tuple(fc.constantFrom(...SERVER_FRAMES), fc.constantFrom(...MUTATION_KINDS), fc.nat(), fc.nat(), fc.nat())
  .map(([frame, kind, at, length, choice]): Said => {
    const bytes = Buffer.from(JSON.stringify(frame));
    return {
      frame,
      bytes: asBytes.write(mutate(bytes, { kind, at, length, choice }, { samples: [bytes], words: STRINGS })),
    };
  });
const nested = nestedText(fc.constant('1')).map((value): Said => ({
  frame: null,
  bytes: {
    text: `[null,null,"store:${FUZZED_STORE}","event",{"store_seq":1,"op":"set","path":"a","value":${value}}]`,
  },
}));

const scripts: fc.Arbitrary<Script> = fc.record({
  codec: fc.constantFrom('json' as const, 'messagepack' as const),
  joinReply: fc.oneof(
    { weight: 4, arbitrary: fc.constant(JOIN_REPLY) },
    { weight: 1, arbitrary: mutatedJson([JOIN_REPLY]) },
  ),
  says: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: frames },
      { weight: 4, arbitrary: garbled },
      { weight: 1, arbitrary: nested },
    ),
    { minLength: 1, maxLength: 6 },
  ),
});

/** A sync engine whose server is hostile: it may be misled, and stays an engine that reads, fails and closes in order. */
export function clientFramesTarget(createEngine = openEngine): Target {
  return defineTarget({
    name: 'client-frames',
    share: 9,
    batch: 250,
    inputs: scripts,
    form,
    open: () => Promise.resolve({ check: (script: Script) => check(script, createEngine) }),
  });
}

function openEngine(linker: Linker, clock: TestClock): SyncEngine {
  return new SyncEngine({
    store: FUZZED_STORE,
    linker,
    reader: { getMany: () => Promise.resolve(new Map()) },
    storage: createMemoryStorage(),
    deviceId: 'dev_a',
    clock,
    logger: silentLogger,
    random: () => 0.5,
  });
}

async function check(script: Script, createEngine: typeof openEngine): Promise<void> {
  const server = new HostileServer(script);
  const clock = new TestClock();
  const engine = createEngine(server.linker, clock);
  const started = outcomeOfPromise(() => engine.start());
  const written = outcomeOfPromise(() => engine.write({ op: 'set', path: 'mine', value: 1 }));
  for (let turn = 0; turn < 4; turn++) await turnOfTheLoop();
  server.speak();
  for (let turn = 0; turn < 4; turn++) await turnOfTheLoop();
  await clock.advance(2000);
  for (const leaf of engine.reads.list({ pattern: '**' }).items) {
    expectThat(
      JSON.stringify(engine.reads.get(leaf.path)) !== undefined,
      'a leaf of the mirror cannot be read',
    );
  }
  const isClosed = settles(engine.close(0), clock);
  if (!(await isClosed)) throw new Fault('the engine does not close');
  if (!(await settles(Promise.all([started, written]), clock))) throw new Fault('a call never settles');
  expectThat(server.open === 0, 'a connection outlives its engine');
}

/** Whether a promise is settled once a minute of the engine's time has passed. */
async function settles(promise: Promise<unknown>, clock: TestClock): Promise<boolean> {
  let isSettled = false;
  const settled = promise.then(() => (isSettled = true));
  for (let second = 0; second < 120 && !isSettled; second++) await clock.advance(second < 5 ? 0 : 1000);
  if (isSettled) await settled;
  return isSettled;
}

class HostileServer {
  readonly linker: Linker;
  readonly #script: Script;
  readonly #sockets: HostileSocket[] = [];
  #join: string | null = null;
  #last: string | null = null;

  constructor(script: Script) {
    this.#script = script;
    const packages = Promise.resolve({ ...packagesWith(() => this.#accept()), token: 'fuzz' });
    const settings = {
      endPoint: 'ws://127.0.0.1:1/ws',
      params: {},
      topic: `store:${FUZZED_STORE}`,
      codec: CODECS[script.codec],
      heartbeatInterval: 60_000,
      openTimeout: 10_000,
      maxPayload: 1_000_000,
      inbox: inboxOf(DEFAULT_LIMITS),
      scrub: (text: string) => text,
    };
    this.linker = { open: (handlers) => new PhoenixLink(packages, settings, handlers) };
  }

  /** Connections that stand. */
  get open(): number {
    return this.#sockets.filter(({ readyState }) => readyState === 1).length;
  }

  /** Says all that is in the script, over the connection that was opened last. */
  speak(): void {
    const socket = this.#sockets.at(-1);
    for (const said of this.#script.says) {
      if (said.bytes !== undefined) socket?.say(asBytes.read(said.bytes), this.#isBinary);
      else if (socket !== undefined) this.#say(socket, this.#referring(said.frame));
    }
  }

  get #isBinary(): boolean {
    return this.#script.codec === 'messagepack';
  }

  #accept(): HostileSocket {
    const socket: HostileSocket = new HostileSocket((data) => {
      const [joinRef, ref, topic, event] = CODECS[this.#script.codec].decode(
        this.#isBinary ? data : data.toString(),
      );
      this.#last = ref;
      if (event !== 'phx_join') return;
      this.#join = joinRef;
      setImmediate(() => {
        this.#say(socket, [joinRef, ref, topic, 'phx_reply', this.#script.joinReply]);
      });
    });
    this.#sockets.push(socket);
    setImmediate(() => {
      if (socket.readyState === 0) socket.open();
    });
    return socket;
  }

  #say(socket: HostileSocket, frame: JsonValue): void {
    const data = CODECS[this.#script.codec].encode(frame as unknown as Frame);
    socket.say(Buffer.from(data), this.#isBinary);
  }

  #referring(frame: JsonValue): JsonValue {
    if (frame === '$join') return this.#join;
    if (frame === '$last') return this.#last;
    return Array.isArray(frame) ? frame.map((part: JsonValue) => this.#referring(part)) : frame;
  }
}
