// Without decorators, with schemas of zod: no compiler is needed.
import {
  counterField,
  createdAtField,
  defineEntity,
  defineNested,
  enumField,
  field,
  nested,
  setField,
  slug,
  updatedAtField,
  versionField,
} from 'dust-orm';
import { z } from 'zod';

export const Place = defineNested(
  {
    street: field('string', { schema: z.string().max(40).optional() }),
    city: field('string', { required: true, schema: z.string().min(2).max(40) }),
  },
  { name: 'Place' },
);

export class Link extends defineEntity(
  ['fronts', 'links'],
  {
    slug: slug(),
    title: field('string', { required: true, schema: z.string().min(1).max(20) }),
    url: field('string', { required: true, schema: z.url() }),
    state: enumField(['open', 'done'], { default: 'open' }),
    pages: field('integer'),
    place: nested(() => Place),
    visits: counterField(),
    tags: setField('string'),
    version: versionField(),
    createdAt: createdAtField(),
    updatedAt: updatedAtField(),
  },
  { name: 'Link', indexes: [['state', 'pages']] },
) {
  get label() {
    return `${this.title} (${this.visits})`;
  }
}
