/** The part in use of a package without declarations. */
declare module 'fs-native-extensions' {
  /**
   * Asks for a lock on an open file, and does not wait for it: false when another one has it. Outside of Windows only the
   * whole file can be locked. It is exclusive, or with `shared` one that others may share.
   *
   * @throws the system's error
   */
  export function tryLock(
    file: number,
    offset?: number,
    length?: number,
    options?: { readonly shared?: boolean },
  ): boolean;
}
