import type { Studio } from '../../studio/index.js';
import type { CliContext } from '../context.js';
import type { JsonFlag } from '../input/target-flags.js';

/** A studio, and which store it shows. */
export interface NamedStudio {
  readonly store: string;
  readonly studio: Studio;
}

/** Prints the addresses of studios, and others whenever Enter is pressed; the returned function ends that. */
export async function tellAddress(
  { io, out, err }: CliContext,
  studios: readonly NamedStudio[],
  { json }: JsonFlag,
): Promise<() => void> {
  const line = (store: string, address: string): string =>
    json === true
      ? JSON.stringify({ store, studio: address })
      : `The studio of ${store}, for one visit:\n  ${address}`;
  for (const { store, studio } of studios) await out.line(line(store, studio.address));
  if (io.onLine === undefined) return () => undefined;
  if (json !== true) await out.line('Enter prints another address, Ctrl-C stops it.');
  return io.onLine(() => {
    for (const { store, studio } of studios) {
      // Nobody may be reading any more.
      out.line(line(store, studio.invite())).catch(() => {
        err.release();
      });
    }
  });
}
