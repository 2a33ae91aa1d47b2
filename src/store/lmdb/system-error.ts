/** Whether this is an error with the given code: `ENOENT` and its like from the system, a number from LMDB. */
export function hasCode(error: unknown, code: string | number): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
