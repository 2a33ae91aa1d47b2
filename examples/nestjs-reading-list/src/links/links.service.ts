import { Injectable } from '@nestjs/common';
import { ILike, Repository } from 'dust-orm';
import { InjectRepository } from 'dust-orm/nestjs';
import type { Observable } from 'rxjs';
import type { CreateLinkDto } from './dto/create-link.dto.js';
import type { ListLinksDto } from './dto/list-links.dto.js';
import type { UpdateLinkDto } from './dto/update-link.dto.js';
import { Link } from './link.entity.js';

/** A page of links, and how many there are in all. */
export interface LinkPage {
  items: Link[];
  total: number;
}

/** The reading list. What goes wrong is thrown as dust-orm throws it; the exception filter makes answers of it. */
@Injectable()
export class LinksService {
  constructor(@InjectRepository(Link) private readonly links: Repository<Link>) {}

  async list({ search, skip, take }: ListLinksDto): Promise<LinkPage> {
    const where = search === undefined ? {} : { where: { title: ILike(`%${search}%`) } };
    const [items, total] = await this.links.findAndCount({
      ...where,
      order: { addedAt: 'DESC' },
      skip,
      take,
    });
    return { items, total };
  }

  get(slug: string): Promise<Link> {
    return this.links.findOneByOrFail({ slug });
  }

  /** Refused with `exists` when the slug is taken. */
  async create(dto: CreateLinkDto): Promise<Link> {
    await this.links.insert(dto, { ifAbsent: true });
    return this.get(dto.slug);
  }

  async update(slug: string, dto: UpdateLinkDto): Promise<Link> {
    await this.get(slug);
    await this.links.update(slug, dto);
    return this.get(slug);
  }

  async remove(slug: string): Promise<void> {
    await this.get(slug);
    await this.links.delete(slug);
  }

  async view(slug: string): Promise<Link> {
    await this.get(slug);
    await this.links.increment(slug, 'views', 1);
    return this.get(slug);
  }

  /** The newest links just now, and again after every change, whoever made it. */
  live(take: number): Observable<Link[]> {
    return this.links.live({ order: { addedAt: 'DESC' }, take });
  }
}
