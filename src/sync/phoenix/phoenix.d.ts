/** The part of the package `phoenix` that a link uses; the package has no types of its own. */
declare module 'phoenix' {
  /** A message as phoenix hands it to `encode` and takes it from `decode`. */
  export interface Message {
    readonly join_ref?: string | null;
    readonly ref: string | null;
    readonly topic: string;
    readonly event: string;
    readonly payload: unknown;
  }

  /** What phoenix makes of a transport: a WebSocket, as far as it asks for one. */
  export interface TransportInstance {
    onopen: (() => void) | null;
    onmessage: ((event: { readonly data: string | Uint8Array }) => void) | null;
    onerror: ((error: unknown) => void) | null;
    onclose: ((event: unknown) => void) | null;
    readonly readyState: number;
    readonly bufferedAmount: number;
    send(data: string | Uint8Array): void;
    close(code?: number, reason?: string): void;
  }

  export interface SocketOptions {
    readonly transport: new (url: string) => TransportInstance;
    readonly params: Readonly<Record<string, string>>;
    readonly vsn: string;
    readonly heartbeatIntervalMs: number;
    readonly encode: (message: Message, callback: (data: string | Uint8Array) => void) => void;
    readonly decode: (data: string | Uint8Array, callback: (message: Message) => void) => void;
    readonly sessionStorage: {
      getItem(key: string): string | null;
      setItem(key: string, value: string): void;
    };
  }

  export class Socket {
    /** `/websocket` is appended to the end point. */
    constructor(endPoint: string, options: SocketOptions);
    connect(): void;
    disconnect(): void;
    makeRef(): string;
    onOpen(callback: () => void): string;
    onMessage(callback: (message: Message) => void): string;
    push(message: Message): void;
  }
}
