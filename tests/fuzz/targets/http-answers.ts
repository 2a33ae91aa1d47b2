/** The status of the first answer, those that announce another one aside; undefined when there is none. */
export function firstStatus(bytes: Buffer): number | undefined {
  let text = bytes.toString('latin1');
  for (;;) {
    const status = /^HTTP\/1\.1 (\d{3})[ \r]/.exec(text)?.[1];
    if (status === undefined) return undefined;
    if (status !== '100') return Number(status);
    text = text.slice(text.indexOf('\r\n\r\n') + 4);
  }
}

/** Whether what was said begins as an answer does, or is nothing. */
export function isAnswer(bytes: Buffer): boolean {
  return bytes.length === 0 || firstStatus(bytes) !== undefined;
}
