import type { ConnectionReport } from './connection-errors.js';

/** The code and the words of whatever a socket, a parser or axios threw, and nothing else of it. */
export function reportOf(error: unknown): ConnectionReport {
  const inner = member(error, 'cause') ?? error;
  const code = codeOf(inner) ?? codeOf(error) ?? 'unknown';
  const message = member(inner, 'message');
  return { code, message: typeof message === 'string' && message !== '' ? message : code };
}

function codeOf(error: unknown): string | undefined {
  const code = member(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
