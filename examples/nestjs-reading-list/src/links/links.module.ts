import { Module } from '@nestjs/common';
import { DustOrmModule } from 'dust-orm/nestjs';
import { Link } from './link.entity.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';

@Module({
  imports: [DustOrmModule.forFeature([Link])],
  controllers: [LinksController],
  providers: [LinksService],
})
export class LinksModule {}
