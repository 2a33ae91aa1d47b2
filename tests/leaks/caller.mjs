/** So many frames are kept of each timer and socket: below that many of a library's own is the project's. */
const FRAMES = 20;

/**
 * Where the function `callee` is called, as far as it is by the project's own code; for people to read. Words are made when they are
 * asked for: that looks up each frame in the source map of its file, and nearly no timer and no socket is ever asked about.
 */
export function callerOf(callee) {
  const holder = {};
  const { stackTraceLimit } = Error;
  // Jest has a hundred.
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(holder, callee);
  Error.stackTraceLimit = stackTraceLimit;
  return () => {
    const lines = holder.stack.split('\n').slice(1);
    const own = lines.find((line) => !line.includes('node_modules') && !line.includes('node:'));
    return (own ?? lines[0] ?? 'somewhere').trim();
  };
}
