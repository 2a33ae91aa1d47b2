import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { SocketFault } from '../../../../src/sync/phoenix/web-socket-transport.js';
import { WebSocketTransport } from '../../../../src/sync/phoenix/web-socket-transport.js';

/** A transport over a WebSocket that notes what is done to it. */
function scene() {
  const done: unknown[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]): void =>
      void done.push([name, ...given]);
  const webSocket = Object.assign(new EventEmitter(), {
    readyState: 1,
    bufferedAmount: 7,
    send: note('send'),
    pause: note('pause'),
    resume: note('resume'),
    close: note('close'),
    terminate: note('terminate'),
  });
  const tcp = { cork: note('cork'), uncork: note('uncork') } as unknown as Socket;
  const faults: SocketFault[] = [];
  const transport = new WebSocketTransport(webSocket as unknown as WebSocket, (fault) => faults.push(fault));
  const heard: (string | Uint8Array)[] = [];
  transport.onmessage = ({ data }) => heard.push(data);
  return { done, webSocket, tcp, faults, transport, heard };
}

/** The answer to an upgrade, from a server or, without an address, from a proxy. */
const answer = (statusCode: number, remoteAddress?: string, resume = (): void => undefined) => ({
  statusCode,
  resume,
  socket: { remoteAddress },
});

describe('a socket as phoenix sees it', () => {
  it('is open when the other is, and as full', () => {
    const { webSocket, transport } = scene();
    const onOpen = jest.fn();
    webSocket.emit('open');
    transport.onopen = onOpen;
    webSocket.emit('open');
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect([transport.readyState, transport.bufferedAmount]).toEqual([1, 7]);
  });

  it('sends texts as bytes in frames of texts, and what is sent in one turn together', async () => {
    const { done, webSocket, tcp, transport } = scene();
    webSocket.emit('upgrade', { socket: tcp });
    transport.send('é');
    transport.send(new Uint8Array([1, 2]));
    const sent = [
      ['send', Buffer.from('é'), { binary: false }],
      ['send', new Uint8Array([1, 2]), { binary: true }],
    ];
    expect(done).toEqual([['cork'], ...sent]);
    await new Promise(setImmediate);
    transport.send('x');
    await new Promise(setImmediate);
    expect(done.slice(3)).toEqual([
      ['uncork'],
      ['cork'],
      ['send', Buffer.from('x'), { binary: false }],
      ['uncork'],
    ]);
  });

  it('sends nothing while it is not open', () => {
    const { done, webSocket, transport } = scene();
    webSocket.readyState = 0;
    transport.send('x');
    expect(done).toEqual([]);
  });

  it('hears texts as texts and bytes as bytes, however they come', () => {
    const { webSocket, heard } = scene();
    const { buffer } = new Uint8Array([97, 98]);
    webSocket.emit('message', Buffer.from('ab'), false);
    webSocket.emit('message', Buffer.from('ab'), true);
    webSocket.emit('message', [Buffer.from('a'), Buffer.from('b')], false);
    webSocket.emit('message', buffer, true);
    expect(heard).toEqual(['ab', Buffer.from('ab'), 'ab', Buffer.from('ab')]);
  });

  it('is held back and let go as its owner says', () => {
    const { done, transport } = scene();
    transport.hold(true);
    transport.hold(false);
    expect(done).toEqual([['pause'], ['resume']]);
  });
});

describe('the end of a socket', () => {
  it.each<[string, (webSocket: EventEmitter, transport: WebSocketTransport) => void, SocketFault]>([
    [
      'an upgrade that a server refuses',
      (webSocket) => webSocket.emit('unexpected-response', {}, answer(403, '10.0.0.1')),
      { kind: 'upgrade', status: 403, isOfProxy: false },
    ],
    [
      'an upgrade that a proxy refuses',
      (webSocket) => webSocket.emit('unexpected-response', {}, answer(407)),
      { kind: 'upgrade', status: 407, isOfProxy: true },
    ],
    [
      'an error',
      (webSocket) => webSocket.emit('error', new Error('no')),
      { kind: 'error', error: new Error('no') },
    ],
    ['a close', (webSocket) => webSocket.emit('close', 1006), { kind: 'close', code: 1006 }],
    [
      'a heartbeat without an answer',
      (_, transport) => {
        transport.close();
      },
      { kind: 'heartbeat' },
    ],
  ])('is told once, and reads as closed: %s', (_what, end, fault) => {
    const { done, webSocket, faults, transport, heard } = scene();
    end(webSocket, transport);
    webSocket.emit('close', 1000);
    expect(faults).toEqual([fault]);
    expect([transport.readyState, transport.bufferedAmount]).toEqual([3, 0]);
    webSocket.emit('message', Buffer.from('late'), false);
    transport.send('late');
    expect([heard, done]).toEqual([[], []]);
  });

  it('lets go of an answer that is none of a socket', () => {
    const { webSocket } = scene();
    const resume = jest.fn();
    webSocket.emit('unexpected-response', {}, answer(503, '10.0.0.1', resume));
    expect(resume).toHaveBeenCalledTimes(1);
  });

  it.each(['finish', 'drop'] as const)('is not told where it was wanted: %s', (how) => {
    const { done, webSocket, faults, transport, heard } = scene();
    transport[how]();
    webSocket.emit('message', Buffer.from('late'), false);
    webSocket.emit('close', 1000);
    expect([faults, heard, transport.readyState]).toEqual([[], [], 3]);
    expect(done).toEqual([[how === 'finish' ? 'close' : 'terminate']]);
  });
});
