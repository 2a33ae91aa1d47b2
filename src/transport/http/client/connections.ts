import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Dial } from '../../dialing-agent.js';
import { DialingAgent } from '../../dialing-agent.js';

/** How far a request has come on its way to the server. */
export interface Progress {
  /** A socket of its own was begun; it does not stand yet. */
  readonly connecting: () => void;
  /** The connection stands, TLS included: from here on something may have been sent. A `kept` one stood before. */
  readonly connected: (kept: boolean) => void;
  /** The last byte has been handed over. */
  readonly sent: () => void;
}

/** What axios asks to make a request with. */
export interface WatchedTransport {
  request(
    options: https.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest;
}

/** How a client keeps its connections. */
export interface ConnectionsOptions {
  /** How many there are at the most. */
  readonly connections: number;
  /** Milliseconds after which one that nobody uses is dropped. */
  readonly idle: number;
  /** Opens those of http, where the url does not say where to. */
  readonly dial?: Dial | undefined;
}

/** The kept connections of one client. */
export class Connections {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly #established = new WeakSet<Socket>();
  readonly #isDialed: boolean;

  constructor({ connections, idle, dial }: ConnectionsOptions) {
    const kept = { keepAlive: true, maxSockets: connections };
    this.#isDialed = dial !== undefined;
    this.http = dial === undefined ? new http.Agent(kept) : new DialingAgent(dial, kept);
    this.https = new https.Agent({ keepAlive: true, maxSockets: connections });
    // Agents drop a connection that times out while nobody uses it.
    const limitIdleTime = (socket: Socket): void => {
      const { timeout = 0 } = socket;
      if (timeout === 0 || timeout > idle) socket.setTimeout(idle);
    };
    // An agent's own timeout would reach the tunnels of proxies too, and end them while they are dug.
    this.http.on('free', limitIdleTime);
    this.https.on('free', limitIdleTime);
  }

  /** Makes requests and reports how far they come: axios by itself cannot tell connecting from waiting. */
  watched(progress: Progress): WatchedTransport {
    return {
      request: (options, onResponse) => {
        const secure = options.protocol === 'https:';
        const request = (secure ? https : http).request(options, onResponse);
        // A proxy's tunnel is dug before there is a socket to speak of, and whoever is dialed has to be found.
        const isOurs = options.agent === this.http || options.agent === this.https;
        if (!isOurs || this.#isDialed) progress.connecting();
        request.once('socket', (socket) => {
          this.#follow(socket, secure ? 'secureConnect' : 'connect', progress);
        });
        request.once('finish', progress.sent);
        return request;
      },
    };
  }

  /** Ends the idle connections: when one of them was found dead, the others may be. */
  dropIdle(): void {
    for (const { freeSockets } of [this.http, this.https]) {
      for (const sockets of Object.values(freeSockets)) sockets?.forEach((socket) => socket.destroy());
    }
  }

  /** Ends every connection, in use or idle. */
  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  #follow(socket: Socket, standing: 'connect' | 'secureConnect', progress: Progress): void {
    if (this.#established.has(socket)) {
      progress.connected(true);
      return;
    }
    progress.connecting();
    const stands = (): void => {
      this.#established.add(socket);
      progress.connected(false);
    };
    if (this.#isDialed && !socket.connecting) stands();
    else socket.once(standing, stands);
  }
}
