import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { callerOf } from './caller.mjs';

/** On these Node tells of sockets: those made to connect, and those that servers accept. */
const CHANNELS = ['net.client.socket', 'net.server.socket'];

/** The sockets of this process, those among them that do not keep it alive. */
export class Sockets {
  /** With where they were made. */
  #open = new Map();

  /** Watches from now on. */
  constructor() {
    for (const channel of CHANNELS) subscribe(channel, this.#note);
  }

  /** Those that are open still, in words. */
  found() {
    // Some take all listeners from a socket, ours among them, before they destroy it.
    const open = [...this.#open].filter(([{ closed }]) => !closed);
    return open.map(([{ localPort = '?', remoteAddress = '?', remotePort = '?' }, caller]) => {
      return `a socket from port ${localPort} to ${remoteAddress}:${remotePort}, made ${caller()}`;
    });
  }

  /** Watches no longer. */
  stop() {
    for (const channel of CHANNELS) unsubscribe(channel, this.#note);
  }

  #note = ({ socket }) => {
    this.#open.set(socket, callerOf(this.#note));
    socket.once('close', () => this.#open.delete(socket));
  };
}
