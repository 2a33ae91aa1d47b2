// What somebody writes in the first hour after `nest new`: compiled with each of its tsconfig files, and run.
import 'reflect-metadata';
import * as assert from 'node:assert';
import { Controller, Get, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Length } from 'class-validator';
import {
  CreatedAtField,
  DustEntity,
  EntityManager,
  Field,
  In,
  IsNull,
  Not,
  Repository,
  Slug,
  isDustError,
} from 'dust-orm';
import { DustOrmModule, EntityRepository, InjectRepository, getRepositoryToken } from 'dust-orm/nestjs';
import { openStore } from 'dust-orm/server';
import { createTestDataSource } from 'dust-orm/testing';

@DustEntity({ prefix: 'photos', name: 'Photo' })
export class Photo {
  @Slug() @Length(1, 100) slug: string;
  @Field({ required: true }) title: string;
  @Field('string') note?: string | null;
  @Field('integer') views?: number;
  @CreatedAtField() addedAt?: Date;
}

@EntityRepository(Photo)
export class PhotoRepository extends Repository<Photo> {
  withNotes(): Promise<Photo[]> {
    return this.find({
      where: { note: Not(IsNull()), slug: In(['a', 'b']) },
      order: { title: 'ASC' },
      take: 10,
    });
  }
}

@Injectable()
export class PhotoService {
  constructor(
    @InjectRepository(Photo) private readonly photos: Repository<Photo>,
    private readonly own: PhotoRepository,
    private readonly manager: EntityManager,
  ) {}

  async add(slug: string, title: string): Promise<Photo> {
    const photo = this.photos.create({ slug, title });
    photo.note = 'new';
    await this.photos.save(photo);
    return this.photos.findOneByOrFail({ slug });
  }

  async view(slug: string): Promise<number> {
    return this.manager.retryOnConflict(async (manager) => {
      const photo = await manager.findOneByOrFail(Photo, { slug });
      const views = (photo.views ?? 0) + 1;
      await manager.update(Photo, slug, { views }, { ifMatch: this.photos.revisionOf(photo) });
      return views;
    });
  }

  noted(): Promise<Photo[]> {
    return this.own.withNotes();
  }
}

@Controller('photos')
export class PhotoController {
  constructor(private readonly photos: PhotoService) {}

  @Get(':slug')
  view(@Param('slug') slug: string): Promise<number> {
    return this.photos.view(slug);
  }
}

@Module({
  imports: [
    DustOrmModule.forRoot({ store: 'acme/photos', autoLoadEntities: true }),
    DustOrmModule.forFeature([Photo, PhotoRepository]),
  ],
  controllers: [PhotoController],
  providers: [PhotoService],
})
export class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
  await app.listen(0, '127.0.0.1');
  const service = app.get(PhotoService);
  assert.strictEqual((await service.add('a', 'A')).note, 'new');
  assert.strictEqual(await (await fetch(`${await app.getUrl()}/photos/a`)).text(), '1');
  assert.deepStrictEqual(
    (await service.noted()).map(({ views }) => views),
    [1],
  );
  const photos = app.get<Repository<Photo>>(getRepositoryToken(Photo));
  const refused: unknown = await photos.findOneByOrFail({ slug: 'b' }).catch((error: unknown) => error);
  assert.ok(isDustError(refused, 'not_found'));
  await app.close();

  const tested = await createTestDataSource({ entities: [Photo] });
  assert.strictEqual(await tested.getRepository(Photo).count(), 0);
  await tested.destroy();
  await (await openStore()).close();
}

void main();
