import { IsOptional, Length, Min } from 'class-validator';
import {
  counterField,
  createdAtField,
  defineEntity,
  defineNested,
  enumField,
  field,
  fileField,
  jsonField,
  nested,
  setField,
  slug,
  updatedAtField,
} from 'dust-orm';

const Imprint = defineNested({ place: field('string'), year: field('integer') });

/** A record with a field of every kind. */
export class Book extends defineEntity(
  ['library', 'books'],
  {
    id: slug(),
    title: field('string', { required: true, index: true, rules: [Length(1, 80)] }),
    state: enumField(['ordered', 'here', 'lent'], { required: true }),
    pages: field('integer', { index: true, rules: [IsOptional(), Min(1)] }),
    price: field('decimal'),
    illustrated: field('boolean'),
    published: field('date', { index: true }),
    imprint: nested(() => Imprint),
    notes: jsonField<unknown>(),
    tags: setField('string'),
    loans: counterField(),
    cover: fileField(),
    createdAt: createdAtField(),
    updatedAt: updatedAtField(),
  },
  { name: 'Book' },
) {}

/** Many small records. */
export class Reading extends defineEntity(
  'readings',
  {
    id: slug(),
    station: field('string', { required: true, index: true }),
    value: field('float', { required: true }),
    at: field('date', { required: true }),
  },
  { name: 'Reading', mode: 'map' },
) {}

/** What a library that was opened lately has. */
export const BOOKS: readonly Partial<InstanceType<typeof Book>>[] = [
  ['emma', 'Emma', 'here', 474, '9.90', '1815-12-23'],
  ['persuasion', 'Persuasion', 'lent', 249, '7.50', '1817-12-20'],
  ['middlemarch', 'Middlemarch', 'here', 880, '14.00', '1871-12-01'],
  ['bleak-house', 'Bleak House', 'here', 928, '12.50', '1852-03-01'],
  ['walden', 'Walden', 'ordered', 352, '8.20', '1854-08-09'],
  ['dracula', 'Dracula', 'lent', 418, '6.90', '1897-05-26'],
  ['the-time-machine', 'The Time Machine', 'here', 118, '5.00', '1895-05-07'],
  ['villette', 'Villette', 'here', 573, '10.40', '1853-01-28'],
].map(([id, title, state, pages, price, published], i) => ({
  id: String(id),
  title: String(title),
  state: state as 'here',
  pages: Number(pages),
  price: String(price),
  illustrated: i % 3 === 0,
  published: new Date(`${String(published)}T00:00:00Z`),
  imprint: Object.assign(new Imprint(), { place: i % 2 === 0 ? 'London' : 'Boston', year: 1900 + i }),
  notes: { shelf: `A${i}`, checked: [i, i + 1] },
}));

/** Readings, in the order of their slugs. */
export function readings(from: number, count: number): Partial<InstanceType<typeof Reading>>[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    return {
      id: `r${String(n).padStart(6, '0')}`,
      station: `station-${n % 40}`,
      value: Math.round(Math.sin(n / 50) * 1e4) / 100,
      at: new Date(Date.UTC(2026, 0, 1) + n * 60_000),
    };
  });
}
