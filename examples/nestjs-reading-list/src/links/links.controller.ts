import type { MessageEvent } from '@nestjs/common';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Sse } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import { CreateLinkDto } from './dto/create-link.dto.js';
import { ListLinksDto } from './dto/list-links.dto.js';
import { UpdateLinkDto } from './dto/update-link.dto.js';
import type { Link } from './link.entity.js';
import type { LinkPage } from './links.service.js';
import { LinksService } from './links.service.js';

/** How many links the live list shows. */
const LIVE_LINKS = 20;

@Controller('links')
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Get()
  list(@Query() query: ListLinksDto): Promise<LinkPage> {
    return this.links.list(query);
  }

  /** Server-sent events: the list, and the list again after every change. */
  @Sse('live')
  live(): Observable<MessageEvent> {
    return this.links.live(LIVE_LINKS).pipe(map((links) => ({ type: 'links', data: links })));
  }

  @Get(':slug')
  get(@Param('slug') slug: string): Promise<Link> {
    return this.links.get(slug);
  }

  @Post()
  create(@Body() dto: CreateLinkDto): Promise<Link> {
    return this.links.create(dto);
  }

  @Patch(':slug')
  update(@Param('slug') slug: string, @Body() dto: UpdateLinkDto): Promise<Link> {
    return this.links.update(slug, dto);
  }

  @Delete(':slug')
  @HttpCode(204)
  remove(@Param('slug') slug: string): Promise<void> {
    return this.links.remove(slug);
  }

  @Post(':slug/views')
  @HttpCode(200)
  view(@Param('slug') slug: string): Promise<Link> {
    return this.links.view(slug);
  }
}
