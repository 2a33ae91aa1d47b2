/** Colours of a terminal, or none. */
export interface Style {
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Colours only where a person looks, and has not said no to them (no-color.org). */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const enabled = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const paint = (open: number, close: number) => (text: string) =>
    enabled ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return { green: paint(32, 39), yellow: paint(33, 39), red: paint(31, 39), dim: paint(2, 22) };
}
