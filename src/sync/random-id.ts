const WORDS = 4;

/** 32 hexadecimal digits drawn with `random`: an id that nobody else draws. */
export function randomId(random: () => number): string {
  const words = Array.from({ length: WORDS }, () => Math.floor(random() * 0x1_0000_0000));
  return words.map((word) => word.toString(16).padStart(8, '0')).join('');
}
