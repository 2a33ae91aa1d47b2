import { Body, Controller, Get, Injectable, Module, Param, Post, Sse } from '@nestjs/common';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import type { EntityEvent, Repository } from 'dust-orm';
import { DustOrmModule, InjectRepository } from 'dust-orm/nestjs';
import { map } from 'rxjs';
import { Link } from './link.entity.mjs';

/** Hears by EventEmitter2 what the bridge forwards. */
@Injectable()
export class LinkListener {
  readonly heard: string[] = [];

  @OnEvent('link.*')
  changed({ type, slug }: EntityEvent<Link>): void {
    this.heard.push(`${type} ${slug}`);
  }
}

@Controller('links')
class LinksController {
  constructor(@InjectRepository(Link) private readonly links: Repository<Link>) {}

  @Get()
  list() {
    return this.links.find({ order: { slug: 'ASC' } });
  }

  @Sse('live')
  live() {
    return this.links.live({ order: { slug: 'ASC' } }).pipe(map((links) => ({ data: links })));
  }

  @Get(':slug')
  find(@Param('slug') slug: string) {
    return this.links.findOneByOrFail({ slug });
  }

  @Post()
  async add(@Body() link: Link) {
    await this.links.insert(link, { ifAbsent: true });
  }
}

@Module({
  imports: [DustOrmModule.forFeature([Link]), DustOrmModule.forEvents(Link, { bus: EventEmitter2 })],
  controllers: [LinksController],
  providers: [LinkListener],
})
export class LinksModule {}
