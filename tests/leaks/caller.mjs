/** Where the function `callee` was called, as far as it was by the project's own code; for people to read. */
export function callerOf(callee) {
  const holder = {};
  Error.captureStackTrace(holder, callee);
  const lines = holder.stack.split('\n').slice(1);
  const own = lines.find((line) => !line.includes('node_modules') && !line.includes('node:'));
  return (own ?? lines[0] ?? 'somewhere').trim();
}
