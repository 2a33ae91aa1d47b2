import * as fc from 'fast-check';
import type { Frame } from '../../../src/protocol/wire/frames.js';
import type { FrameCodec } from '../../../src/protocol/wire/frame-codec.js';
import { jsonCodec, messagePackCodec } from '../../../src/protocol/wire/frame-codec.js';
import { ChannelSession } from '../../../src/server/channel/index.js';
import { serverParts } from '../../../src/server/server-parts.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOf } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import type { Form } from '../inputs/form.js';
import { asBytes } from '../inputs/form.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { mutatedBytes } from '../inputs/mutated-bytes.js';
import { mutatedJson } from '../inputs/mutated-json.js';
import { nestedText } from '../inputs/nested-text.js';
import { STRINGS } from '../inputs/words.js';
import { CLIENT_FRAMES } from './frame-samples.js';
import { FuzzedStores } from './fuzzed-server.js';

const CODECS = { json: jsonCodec, messagepack: messagePackCodec } as const;

/** What one client sends, frame by frame. */
interface Conversation {
  readonly codec: keyof typeof CODECS;
  readonly frames: readonly Uint8Array[];
}

const form: Form<Conversation> = {
  write: ({ codec, frames }) => ({ codec, frames: frames.map((frame) => asBytes.write(frame)) }),
  read: (stored) => {
    const { codec, frames } = stored as { codec: keyof typeof CODECS; frames: JsonValue[] };
    return { codec, frames: frames.map((frame) => asBytes.read(frame)) };
  },
};

/** A session of a server's channel, which gets what clients send, well formed and not. */
export function serverFramesTarget(
  createSession = (
    options: ConstructorParameters<typeof ChannelSession>[0],
  ): Pick<ChannelSession, 'receive' | 'close'> => new ChannelSession(options),
): Target {
  return defineTarget({
    name: 'server-frames',
    share: 16,
    batch: 500,
    inputs: fc.oneof(conversations('json'), conversations('messagepack')),
    form,
    open: async () => {
      const stores = await FuzzedStores.open();
      const parts = serverParts(stores.options);
      return {
        check: (input: Conversation) => check(input, parts, stores, createSession),
        unharmed: () => stores.assertUnharmed(),
        close: () => stores.close(),
      };
    },
  });
}

function conversations(codec: keyof typeof CODECS): fc.Arbitrary<Conversation> {
  const encode = (frame: JsonValue): Uint8Array => bytesOf(CODECS[codec].encode(frame as unknown as Frame));
  const structured = mutatedJson(CLIENT_FRAMES).map(encode);
  const frame = fc.oneof(
    { weight: 12, arbitrary: structured },
    { weight: 6, arbitrary: mutatedBytes({ samples: CLIENT_FRAMES.map(encode), words: STRINGS }) },
    { weight: codec === 'json' ? 1 : 0, arbitrary: nested },
  );
  const rest = fc.array(frame, { minLength: 1, maxLength: 4 });
  const first = fc.oneof({ weight: 9, arbitrary: fc.constant(encode(CLIENT_FRAMES[0]!)) }, frame);
  return fc.tuple(first, rest).map(([join, frames]) => ({ codec, frames: [join, ...frames] }));
}

const nested = nestedText(fc.constant('1')).map((value) =>
  Buffer.from(
    `["1","9","store:acme/fuzzed","write",{"op":"set","path":"a","client_op_id":"deep","value":${value}}]`,
  ),
);

async function check(
  { codec, frames }: Conversation,
  parts: ReturnType<typeof serverParts>,
  stores: FuzzedStores,
  createSession: Parameters<typeof serverFramesTarget>[0] & object,
): Promise<void> {
  const said: Frame[] = [];
  let isOver = false;
  const session = createSession({
    parts,
    access: parts.tokens.find('the-token-of-the-fuzzer')!,
    deviceId: 'fuzzer',
    send: (frame) => said.push(frame),
    end: () => (isOver = true),
  });
  try {
    for (const bytes of frames) {
      const text = codec === 'json' ? Buffer.from(bytes).toString() : bytes;
      const frame = outcomeOf(() => CODECS[codec].decode(text))?.value;
      if (frame !== undefined) session.receive(frame);
    }
    await stores.fuzzed.settled();
    const before = said.length;
    session.receive([null, 'still-there', 'phoenix', 'heartbeat', {}]);
    expectThat(isOver || said.length > before, 'the session no longer answers a heartbeat');
    for (const frame of said) expectThatItTravels(frame, CODECS[codec]);
    expectThat(said.length < 200, `${said.length} answers`);
  } finally {
    session.close();
  }
  stores.assertNothingUnforeseen();
}

function expectThatItTravels(frame: Frame, codec: FrameCodec): void {
  const arrived = codec.decode(codec.encode(frame));
  const [sent, got] = [JSON.stringify(frame), JSON.stringify(arrived)];
  expectThat(sent === got, `an answer does not arrive as it is: ${shown(frame)}`);
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}
