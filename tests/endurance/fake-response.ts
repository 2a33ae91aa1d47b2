import { EventEmitter } from 'node:events';
import type { SseResponse } from '../../src/index.js';

/** A response that takes whatever comes. */
export class FakeResponse extends EventEmitter implements SseResponse {
  headersSent = false;
  destroyed = false;

  writeHead(): void {
    this.headersSent = true;
  }

  flushHeaders(): void {
    this.headersSent = true;
  }

  write(): boolean {
    return true;
  }

  end(): void {
    this.destroyed = true;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}
