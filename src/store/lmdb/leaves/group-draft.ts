import { compareNames } from './compare-names.js';
import type { Base } from './group-key.js';
import type { GroupText, Line } from './group-text.js';
import { DEEP, NO_LINES, isDeep, linesOf, nameOn, placeOfLine, textOfLines } from './group-text.js';

/** The lines of a group with the names on them. */
interface Lines {
  readonly names: string[];
  readonly lines: Line[];
}

/** A group or a part as the running transaction leaves it: one line after another is looked for, put or removed. */
export class GroupDraft {
  readonly key: string;
  readonly base: Base;
  /** Whether it is in the database. */
  isStored: boolean;
  /** Whether other groups may lie below its base. */
  isDeep: boolean;
  /** As long as no line was added or removed. */
  #text: GroupText | undefined;
  /** Once one was. */
  #lines: Lines | undefined;

  readonly #damaged: () => Error;

  /** @param damaged makes the error for text in which a name cannot be read */
  constructor(key: string, base: Base, text: GroupText | undefined, damaged: () => Error) {
    this.#damaged = damaged;
    this.key = key;
    this.base = base;
    this.isStored = text !== undefined;
    this.isDeep = text !== undefined && isDeep(text);
    if (text === undefined || text === NO_LINES) this.#lines = { names: [], lines: [] };
    else this.#text = this.isDeep ? text.slice(1) : text;
  }

  get isEmpty(): boolean {
    return this.#lines?.lines.length === 0;
  }

  /** The number of lines, as far as lines were added. */
  get grownTo(): number {
    return this.#lines?.lines.length ?? 0;
  }

  /** The whole text. */
  get text(): GroupText {
    const text = this.#text ?? textOfLines(this.lines());
    return this.isDeep ? DEEP + text : text;
  }

  lines(): readonly Line[] {
    return this.#spread().lines;
  }

  find(name: string): Line | undefined {
    if (this.#text === undefined) {
      const { names, lines } = this.#spread();
      const at = placeIn(names, name);
      return at < 0 ? undefined : lines[at];
    }
    const place = placeOfLine(this.#text, name);
    return place && this.#text.slice(...place);
  }

  /** Puts a line in the place of the one with this name, or adds it where it belongs. */
  put(name: string, line: Line): void {
    const place = this.#text === undefined ? undefined : placeOfLine(this.#text, name);
    if (place !== undefined && this.#text !== undefined) {
      this.#text = this.#text.slice(0, place[0]) + line + this.#text.slice(place[1]);
      return;
    }
    const { names, lines } = this.#spread();
    const at = placeIn(names, name);
    if (at >= 0) {
      lines[at] = line;
      return;
    }
    names.splice(~at, 0, name);
    lines.splice(~at, 0, line);
  }

  /** Removes the line with this name, which is there. */
  remove(name: string): void {
    const { names, lines } = this.#spread();
    const at = placeIn(names, name);
    names.splice(at, 1);
    lines.splice(at, 1);
  }

  #spread(): Lines {
    if (this.#lines !== undefined) return this.#lines;
    const lines = linesOf(this.#text ?? '');
    const names = lines.map((line) => {
      const name = nameOn(line);
      if (name === undefined) throw this.#damaged();
      return name;
    });
    this.#text = undefined;
    return (this.#lines = { names, lines });
  }
}

/** Where a name is, or, below zero, the complement of where it belongs. */
function placeIn(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  // Mostly names arrive in their order.
  if (compareNames(names[high - 1] ?? '', name) < 0) return ~high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(names[middle] ?? '', name) < 0) low = middle + 1;
    else high = middle;
  }
  return names[low] === name ? low : ~low;
}
