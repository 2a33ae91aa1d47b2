import type { ComponentChildren } from 'preact';
import { isRefused, messageOf } from '../wire/client.js';
import { Button } from './button.js';

/** Something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <p class="state" role="status">
      Loading {what}…
    </p>
  );
}

/** There is nothing, and why. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="state">{children}</p>;
}

/** Something failed, and can be tried again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <div class="state state-failed" role="alert">
      <p>{messageOf(error)}</p>
      {isRefused(error) ? (
        <p>
          The address of a studio opens once, in one browser. Begin it again with <code>dust-orm studio</code>{' '}
          and open the address that it prints.
        </p>
      ) : (
        <Button onClick={retry}>Try again</Button>
      )}
    </div>
  );
}
