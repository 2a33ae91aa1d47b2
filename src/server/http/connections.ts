import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The open connections of a server and the requests under way on each, so that it can be left in good order. One that was
 * upgraded is never idle: whoever has it says when it ends.
 */
export class Connections {
  readonly #underWay = new Map<Socket, number>();
  readonly #waiting = new Map<Socket, () => void>();
  #closing = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      // One whose upgrade was ignored comes again.
      if (this.#underWay.has(socket)) return;
      this.#underWay.set(socket, 0);
      socket.once('close', () => {
        this.#underWay.delete(socket);
        this.#waiting.delete(socket);
      });
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => {
        this.#count(socket, -1);
      });
    });
  }

  /** How many are open. */
  get count(): number {
    return this.#underWay.size;
  }

  /** The connection was upgraded. */
  noteUpgrade(socket: Socket): void {
    this.#count(socket, 1);
  }

  /** Calls `work` when all requests on the connection have been answered; never when it closes before. */
  whenAnswered(socket: Socket, work: () => void): void {
    if (this.#underWay.get(socket) === 0) {
      work();
      return;
    }
    // Until then, nobody else hears of a connection that breaks.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    this.#waiting.set(socket, () => {
      socket.off('error', ignore);
      work();
    });
  }

  /** Ends the idle connections now, and the others when the last request on them has been answered. */
  closeWhenIdle(): void {
    this.#closing = true;
    for (const [socket, underWay] of this.#underWay) if (underWay === 0) socket.destroy();
  }

  /** Ends all connections, whatever is under way. */
  destroy(): void {
    for (const socket of this.#underWay.keys()) socket.destroy();
  }

  #count(socket: Socket, change: 1 | -1): void {
    const underWay = this.#underWay.get(socket);
    if (underWay === undefined) return;
    this.#underWay.set(socket, underWay + change);
    if (underWay + change > 0) return;
    if (this.#closing) {
      socket.end();
      return;
    }
    const work = this.#waiting.get(socket);
    this.#waiting.delete(socket);
    work?.();
  }
}
