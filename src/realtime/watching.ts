import type { Observable } from 'rxjs';
import { defer, takeUntil } from 'rxjs';
import type { RecordCommit } from '../protocol/requests/operation.js';
import type { Transport } from '../transport/transport.js';
import type { RealtimeContext } from './context.js';
import { realtimeNotSupported } from './errors.js';

/** What `watch` gives until subscriptions end, subscribed to anew each time; errors with `not_supported`, naming `call`, without realtime. */
export function watching<T extends object, Watched>(
  { transport, metadata, ending$ }: RealtimeContext<T>,
  call: string,
  watch: (transport: Transport) => Observable<Watched>,
): Observable<Watched> {
  return defer(() => {
    if (!transport.capabilities.realtime) throw realtimeNotSupported(metadata.name, call);
    return watch(transport).pipe(takeUntil(ending$));
  });
}

/** The commits that change a record of the entity, with how they left it; those that became known together, together. */
export function watchingRecords<T extends object>(
  context: RealtimeContext<T>,
  call: string,
): Observable<readonly RecordCommit[]> {
  return watching(context, call, (transport) => transport.watchRecords(context.metadata.prefixPath));
}
