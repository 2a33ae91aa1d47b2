import { signal } from '@preact/signals';
import type { ColumnInfo, EntityInfo } from '../../api/messages.js';
import { keep, readKept } from '../state/kept.js';
import { isDateType, isNumberType } from './format-value.js';

/** What a reader has chosen for the columns of an entity. */
interface ColumnChoices {
  readonly hidden: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
}

const NARROWEST = 48;
const WIDEST = 900;

/** Which columns of an entity are shown, and how wide they are. Kept by the browser. */
export class ColumnLayout {
  readonly #entity: EntityInfo;
  readonly #name: string;
  readonly #choices;

  constructor(store: string, entity: EntityInfo) {
    this.#entity = entity;
    this.#name = `columns:${store}:${entity.name}`;
    this.#choices = signal(readKept<ColumnChoices>(this.#name, { hidden: [], widths: {} }));
  }

  /** The columns that are shown, in their order. The slug always is. */
  get shown(): readonly ColumnInfo[] {
    const { hidden } = this.#choices.value;
    return this.#entity.columns.filter(
      ({ property }) => property === this.#entity.slug || !hidden.includes(property),
    );
  }

  /** Whether a column is shown. */
  isShown(property: string): boolean {
    return this.shown.some((column) => column.property === property);
  }

  /** Shows or hides a column. */
  show(property: string, isShown: boolean): void {
    const hidden = this.#choices.peek().hidden.filter((other) => other !== property);
    this.#choose({ ...this.#choices.peek(), hidden: isShown ? hidden : [...hidden, property] });
  }

  /** A column's width in pixels. */
  width(column: ColumnInfo): number {
    return this.#choices.value.widths[column.property] ?? usualWidth(column);
  }

  /** Sets a column's width in pixels, within bounds. */
  resize(property: string, width: number): void {
    const { widths, hidden } = this.#choices.peek();
    const within = Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
    this.#choose({ hidden, widths: { ...widths, [property]: within } });
  }

  /** Back to how it was before anybody chose. */
  reset(): void {
    this.#choose({ hidden: [], widths: {} });
  }

  #choose(choices: ColumnChoices): void {
    this.#choices.value = choices;
    keep(this.#name, choices);
  }
}

function usualWidth({ property, type }: ColumnInfo): number {
  const name = property.length * 7.5 + 68;
  if (type === 'boolean') return Math.max(80, name);
  if (isDateType(type)) return Math.max(150, name);
  if (isNumberType(type)) return Math.max(90, name);
  if (type === 'enum') return Math.max(100, name);
  return Math.max(180, name);
}
