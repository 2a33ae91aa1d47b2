import { DustError } from '../../errors.js';

/** What a recorded server says of a write that its writer has not done in time (PROTOCOL §8). */
const WRITER_UNAVAILABLE =
  '{:writer_unavailable, {:timeout, {GenServer, :call, [#PID<0.2410.0>, :write, 5000]}}}';

/** A write that goes on while its sender is told that it does not: over HTTP and the channel alike. */
export function writerUnavailable(): DustError {
  return new DustError('invalid_params', WRITER_UNAVAILABLE, { status: 400, detail: WRITER_UNAVAILABLE });
}

/** A fault that was asked for: answered as ours would be, and no news to whoever runs the server. */
export class ImitatedFailure extends Error {
  override readonly name = 'ImitatedFailure';
}
