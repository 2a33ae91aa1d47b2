import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { Test } from '@nestjs/testing';
import { Length } from 'class-validator';
import type { Repository } from '../../../src/index.js';
import { DataSource, DustEntity, Field, Slug } from '../../../src/index.js';
import { DustOrmModule, InjectRepository } from '../../../src/nestjs/index.js';

@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @Slug() slug!: string;
  @Field({ required: true }) @Length(1, 20) title!: string;
}

@DustEntity('authors')
export class Author {
  @Slug() name!: string;
  @Field('integer') born?: number;
}

@Injectable()
export class LinkService {
  constructor(@InjectRepository(Link) readonly links: Repository<Link>) {}

  titles(): Promise<string[]> {
    return this.links.find().then((links) => links.map(({ title }) => title));
  }
}

/** A feature module as applications have them. */
@Module({
  imports: [DustOrmModule.forFeature([Link])],
  providers: [LinkService],
  exports: [LinkService],
})
export class LinkModule {}

/** What an application said, line by line: `level [context] message`. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];

  readonly #note =
    (level: string) =>
    // The context is last: an error's stack may stand before it.
    (message: unknown, ...rest: unknown[]): void => {
      this.lines.push(`${level} [${String(rest.at(-1))}] ${String(message)}`);
    };

  readonly log = this.#note('log');
  readonly warn = this.#note('warn');
  readonly error = this.#note('error');
  readonly debug = this.#note('debug');

  /** The lines of this package. */
  get dust(): string[] {
    return this.lines.filter((line) => line.includes('[DustOrm'));
  }
}

const open: INestApplication[] = [];

/** Starts an application; {@link closeApplications} ends it. */
export async function start(
  metadata: ModuleMetadata,
  {
    logger = new RecordingLogger(),
    prepare = (builder) => builder,
    configure,
  }: {
    readonly logger?: LoggerService;
    readonly prepare?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
    readonly configure?: (application: INestApplication) => void;
  } = {},
): Promise<INestApplication> {
  const module = await prepare(Test.createTestingModule(metadata).setLogger(logger)).compile();
  const application = module.createNestApplication();
  configure?.(application);
  await application.init();
  open.push(application);
  return application;
}

/** What keeps an application from starting. */
export async function startFailure(metadata: ModuleMetadata): Promise<Error> {
  const started = start(metadata);
  return started.then(
    () => {
      throw new Error('the application has started');
    },
    (error: unknown) => error as Error,
  );
}

export async function closeApplications(): Promise<void> {
  for (const application of open.splice(0)) await application.close();
}

/** Data sources that a test makes by itself. */
export const linkSource = (name?: string): DataSource =>
  new DataSource({ entities: [Link], logging: false, ...(name === undefined ? {} : { name }) });
