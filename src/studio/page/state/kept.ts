/** What a browser keeps of the page's looks. A browser may refuse to keep anything; then choices last as long as the page. */

/** A kept value, or `otherwise`. */
export function readKept<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`dust-studio:${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** Keeps a value. */
export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`dust-studio:${name}`, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}
