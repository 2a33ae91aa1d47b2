/**
 * Where the function `callee` is called, as far as it is by the project's own code; for people to read. Words are made when they are
 * asked for: that looks up each frame in the source map of its file, and nearly no timer and no socket is ever asked about.
 */
export function callerOf(callee) {
  const holder = {};
  Error.captureStackTrace(holder, callee);
  return () => {
    const lines = holder.stack.split('\n').slice(1);
    const own = lines.find((line) => !line.includes('node_modules') && !line.includes('node:'));
    return (own ?? lines[0] ?? 'somewhere').trim();
  };
}
