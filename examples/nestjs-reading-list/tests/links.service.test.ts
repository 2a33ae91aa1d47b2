import { Test } from '@nestjs/testing';
import { toAsyncIterable } from 'dust-orm';
import { getRepositoryToken } from 'dust-orm/nestjs';
import type { TestDataSource } from 'dust-orm/testing';
import { createTestDataSource } from 'dust-orm/testing';
import { CreateLinkDto } from '../src/links/dto/create-link.dto.js';
import { ListLinksDto } from '../src/links/dto/list-links.dto.js';
import { UpdateLinkDto } from '../src/links/dto/update-link.dto.js';
import { Link } from '../src/links/link.entity.js';
import { LinksService } from '../src/links/links.service.js';

/** A body or query as the controller hands it on. */
const dto = <T extends object>(type: new () => T, values: Partial<T>): T => Object.assign(new type(), values);

let dust: TestDataSource;
let service: LinksService;

beforeEach(async () => {
  dust = await createTestDataSource({
    entities: [Link],
    seed: [
      [
        Link,
        [
          { slug: 'rxjs', title: 'RxJS', url: 'https://rxjs.dev', addedAt: new Date('2026-01-01') },
          { slug: 'nest', title: 'NestJS', url: 'https://nestjs.com', addedAt: new Date('2026-01-02') },
        ],
      ],
    ],
  });
  const module = await Test.createTestingModule({
    providers: [LinksService, { provide: getRepositoryToken(Link), useValue: dust.getRepository(Link) }],
  }).compile();
  service = module.get(LinksService);
});

afterEach(() => dust.destroy());

describe('the list', () => {
  it('has the newest first, page by page', async () => {
    const { items, total } = await service.list(dto(ListLinksDto, { skip: 0, take: 1 }));
    expect(items.map(({ slug }) => slug)).toEqual(['nest']);
    expect(total).toBe(2);
  });

  it('is searched by title, in any case', async () => {
    const { items, total } = await service.list(dto(ListLinksDto, { search: 'rxj', skip: 0, take: 20 }));
    expect([items.length, items[0]?.slug, total]).toEqual([1, 'rxjs', 1]);
  });

  it('is told again after every change, and ends with the store', async () => {
    const lists = toAsyncIterable(service.live(10))[Symbol.asyncIterator]();
    expect((await lists.next()).value).toHaveLength(2);
    await service.create(dto(CreateLinkDto, { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' }));
    expect((await lists.next()).value).toHaveLength(3);
    await dust.destroy();
    for (let list = await lists.next(); list.done !== true; list = await lists.next()) {
      expect(list.value).toHaveLength(3);
    }
  });
});

describe('a link', () => {
  it('is not added twice', async () => {
    const again = service.create(
      dto(CreateLinkDto, { slug: 'rxjs', title: 'RxJS again', url: 'https://rxjs.dev' }),
    );
    await expect(again).rejects.toMatchObject({ kind: 'exists' });
    expect((await service.get('rxjs')).title).toBe('RxJS');
  });

  it('keeps what an update leaves out', async () => {
    const link = await service.update('rxjs', dto(UpdateLinkDto, { note: 'Observables' }));
    expect(link).toMatchObject({ title: 'RxJS', note: 'Observables' });
  });

  it('counts the views of all who count at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => service.view('rxjs')));
    expect((await service.get('rxjs')).views).toBe(10);
  });

  it('is gone once removed', async () => {
    await service.remove('rxjs');
    await expect(service.get('rxjs')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(service.remove('rxjs')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is not written while the store limits requests', async () => {
    dust.failNext('rate_limited', { method: 'write', details: { retryAfter: 2 } });
    const attempt = service.create(dto(CreateLinkDto, { slug: 'x', title: 'X', url: 'https://example.com' }));
    await expect(attempt).rejects.toMatchObject({ kind: 'rate_limited', retryAfter: 2 });
    await expect(service.get('x')).rejects.toMatchObject({ kind: 'not_found' });
  });
});
