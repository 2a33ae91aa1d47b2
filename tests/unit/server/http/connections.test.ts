import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Connections } from '../../../../src/server/http/connections.js';
import { stillHeld } from '../../garbage.js';

/** A server and sockets that do nothing but tell. */
function scene() {
  const server = new EventEmitter();
  const connections = new Connections(server as unknown as Server);
  const connect = () => {
    const socket = Object.assign(new EventEmitter(), { destroy: jest.fn(), end: jest.fn() });
    server.emit('connection', socket);
    return socket;
  };
  const ask = (socket: EventEmitter) => {
    const response = new EventEmitter();
    server.emit('request', { socket }, response);
    return () => response.emit('close');
  };
  return { connections, connect, ask };
}

const asSocket = (socket: EventEmitter): Socket => socket as unknown as Socket;

describe('the connections of a server', () => {
  it('do at once what is to be done when all is answered, where nothing is under way', () => {
    const { connections, connect } = scene();
    const work = jest.fn();
    connections.whenAnswered(asSocket(connect()), work);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('do it once, when the last request is answered, and stop listening for the failure of the socket', () => {
    const { connections, connect, ask } = scene();
    const socket = connect();
    const answers = [ask(socket), ask(socket)];
    const work = jest.fn();
    connections.whenAnswered(asSocket(socket), work);
    expect(socket.listenerCount('error')).toBe(1);
    answers[0]?.();
    expect(work).not.toHaveBeenCalled();
    answers[1]?.();
    ask(socket)();
    expect(work).toHaveBeenCalledTimes(1);
    expect(socket.listenerCount('error')).toBe(0);
  });

  it('never do it for one that closed before, and forget it with all that waited', async () => {
    const { connections, connect, ask } = scene();
    const work = jest.fn();
    const begin = (): WeakRef<object> => {
      const socket = connect();
      const answered = ask(socket);
      const held = { work };
      connections.whenAnswered(asSocket(socket), () => {
        held.work();
      });
      socket.emit('close');
      answered();
      return new WeakRef(held);
    };
    const waited = Array.from({ length: 3 }, begin);
    expect(await stillHeld(waited)).toBe(0);
    expect(work).not.toHaveBeenCalled();
    connections.destroy();
  });

  it('that are idle end now, and the others when they are answered; all of them on demand', () => {
    const { connections, connect, ask } = scene();
    const [idle, busy, stuck, gone] = [connect(), connect(), connect(), connect()];
    const answered = ask(busy);
    ask(stuck);
    gone.emit('close');
    connections.closeWhenIdle();
    expect([idle, busy, stuck, gone].map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 0, 0, 0]);
    answered();
    expect([busy, stuck].map(({ end }) => end.mock.calls.length)).toEqual([1, 0]);
    connections.destroy();
    expect([stuck, gone].map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 0]);
  });

  it('one that was upgraded is never idle', () => {
    const { connections, connect } = scene();
    const socket = connect();
    connections.noteUpgrade(asSocket(socket));
    connections.closeWhenIdle();
    expect(socket.destroy).not.toHaveBeenCalled();
  });
});
