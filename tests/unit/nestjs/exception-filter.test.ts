import type { ArgumentsHost, ExceptionFilter, INestApplication } from '@nestjs/common';
import {
  Body,
  Catch,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  Param,
  Patch,
  Post,
  Put,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { IsString, ValidateNested } from 'class-validator';
import { lastValueFrom } from 'rxjs';
import request from 'supertest';
import { z } from 'zod';
import type { DustErrorDetails, DustErrorKind, Repository } from '../../../src/index.js';
import { DustEntity, DustError, Field, Slug } from '../../../src/index.js';
import { DustExceptionFilter, DustOrmModule, InjectRepository } from '../../../src/nestjs/index.js';
import { Link, RecordingLogger, closeApplications, start } from './support.js';

class Address {
  @Field() @IsString({ message: 'must be the name of a street' }) street?: string;
}

@DustEntity('people')
class Person {
  @Slug() name!: string;
  @Field(() => Address) @ValidateNested() address?: Address;
}

/** Without rules of its own: what cannot be stored gets as far as the mapper. */
@DustEntity({
  prefix: 'loose',
  schema: z
    .looseObject({})
    .refine((loose) => Reflect.get(loose, 'slug') !== Reflect.get(loose, 'title'), 'both are the same'),
})
class Loose {
  @Slug() slug!: string;
  @Field('string', { schema: z.string().max(3).optional() }) title?: string;
}

const thrown = new Map<string, unknown>();

@Controller()
class Links {
  constructor(
    @InjectRepository(Link) private readonly links: Repository<Link>,
    @InjectRepository(Person) private readonly people: Repository<Person>,
    @InjectRepository(Loose) private readonly loose: Repository<Loose>,
  ) {}

  @Get('links/:slug')
  find(@Param('slug') slug: string): Promise<Link> {
    return this.links.findOneByOrFail({ slug });
  }

  @Post('links')
  async add(@Body() body: Link): Promise<void> {
    await this.links.insert(body, { ifAbsent: true });
  }

  @Post('links/many')
  async addMany(@Body() body: Link[]): Promise<void> {
    await this.links.insertMany(body);
  }

  @Put('links/:slug')
  async rename(
    @Param('slug') slug: string,
    @Body() { title, revision }: { title: string; revision: number },
  ): Promise<void> {
    await this.links.update(slug, { title }, { ifMatch: revision });
  }

  @Post('loose')
  async addLoose(@Body() body: Loose): Promise<void> {
    await this.loose.insert(body);
  }

  @Patch('links/:slug')
  async change(@Param('slug') slug: string, @Body() body: Partial<Link>): Promise<void> {
    await this.links.update(slug, body);
  }

  @Post('people')
  async addPerson(@Body() { name, street }: { name: string; street: unknown }): Promise<void> {
    const address = Object.assign(new Address(), { street });
    await this.people.insert(this.people.create({ name, address }));
  }

  @Get('thrown/:key')
  throw(@Param('key') key: string): void {
    throw thrown.get(key);
  }
}

const imports = [
  DustOrmModule.forRoot({ autoLoadEntities: true }),
  DustOrmModule.forFeature([Link, Person, Loose]),
];
const asProvider = { provide: APP_FILTER, useClass: DustExceptionFilter };

const serve = (logger = new RecordingLogger()): Promise<INestApplication> =>
  start({ imports, controllers: [Links], providers: [asProvider] }, { logger });

const ask = (application: INestApplication, error: unknown) => {
  thrown.set('it', error);
  return request(application.getHttpServer()).get('/thrown/it');
};

afterEach(async () => {
  thrown.clear();
  await closeApplications();
});

describe('over HTTP', () => {
  it('validation is 400 with the messages, all together and field by field, and no values', async () => {
    const application = await serve();
    const { body, text } = await request(application.getHttpServer())
      .post('/links')
      .send({ slug: 'a', title: 'hunter2-hunter2-hunter2' })
      .expect(400);
    const message = 'title must be shorter than or equal to 20 characters';
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: [message],
      kind: 'validation',
      fields: { title: [message] },
    });
    expect(text).not.toContain('hunter2');
  });

  it('a nested field has its path, and a message of its own is found by it', async () => {
    const application = await serve();
    const { body } = await request(application.getHttpServer())
      .post('/people')
      .send({ name: 'ann', street: 5 })
      .expect(400);
    expect(body.fields).toEqual({
      'address.street': ['address.street must be a string', 'address.must be the name of a street'],
    });
  });

  it('what a schema refuses is named, for its message names nothing', async () => {
    const application = await serve();
    const post = (body: object) => request(application.getHttpServer()).post('/loose').send(body).expect(400);
    const tooBig = 'title: Too big: expected string to have <=3 characters';
    expect((await post({ slug: 'a', title: 'long' })).body).toMatchObject({
      message: [tooBig],
      fields: { title: [tooBig] },
    });
    expect((await post({ slug: 'a', title: 'a' })).body).toMatchObject({
      message: ['both are the same'],
      fields: { '': ['both are the same'] },
    });
  });

  it('a list of records has the messages of the one that stopped it', async () => {
    const application = await serve();
    const { body } = await request(application.getHttpServer())
      .post('/links/many')
      .send([
        { slug: 'a', title: 'A' },
        { slug: 'b', title: '' },
      ])
      .expect(400);
    const message = 'title must be longer than or equal to 1 characters';
    expect(body).toMatchObject({ message: [message], fields: { title: [message] } });
  });

  it('validation without a list of fields says no more than that', async () => {
    const application = await serve();
    const { body } = await ask(application, new DustError('validation', 'Link "a": "hunter2"')).expect(400);
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: 'The record is not valid.',
      kind: 'validation',
    });
  });

  it.each([
    ['a slug that is missing', { title: 'A' }, 'slug'],
    ['a slug that is no string', { slug: 5, title: 'A' }, 'slug'],
  ])(
    '%s is 400 with its property and without its value; the reason is logged',
    async (_what, sent, field) => {
      const logger = new RecordingLogger();
      const application = await serve(logger);
      const { body } = await request(application.getHttpServer()).post('/loose').send(sent).expect(400);
      const message = `${field} has a value that cannot be stored`;
      expect(body).toEqual({
        statusCode: 400,
        error: 'Bad Request',
        message: [message],
        kind: 'invalid_value',
        fields: { [field]: [message] },
      });
      expect(logger.dust).toEqual([expect.stringContaining(`warn [DustOrm] invalid_value: Loose.${field}`)]);
    },
  );

  it('a value of another type is 400 with its property and without its value, too', async () => {
    const logger = new RecordingLogger();
    const application = await serve(logger);
    const sent = { slug: 'a', title: { hunter: 2 } };
    const { body, text } = await request(application.getHttpServer()).post('/loose').send(sent).expect(400);
    const message = 'title must be a string, not an object';
    expect(body).toMatchObject({ kind: 'validation', message: [message], fields: { title: [message] } });
    expect(text).not.toContain('hunter');
    expect(logger.dust).toEqual([expect.stringContaining('warn [DustOrm] validation: Loose "a"')]);
  });

  it('a value in a list of records is told by its property', async () => {
    const application = await serve();
    const sent = [{ slug: 'a', title: 'A' }, { title: 'B' }];
    const { body } = await request(application.getHttpServer()).post('/links/many').send(sent).expect(400);
    expect(body).toMatchObject({ kind: 'invalid_value', fields: { slug: [expect.any(String)] } });
  });

  it('a value of no property says no more than that', async () => {
    const { body } = await ask(await serve(), new DustError('invalid_value', 'not "hunter2"')).expect(400);
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: 'The record has a value that cannot be stored.',
      kind: 'invalid_value',
    });
  });

  it('a change of nothing is 400', async () => {
    const application = await serve();
    const { body } = await request(application.getHttpServer()).patch('/links/a').send({}).expect(400);
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: 'There is nothing to write.',
      kind: 'nothing_to_write',
    });
  });

  it('not found is 404', async () => {
    const application = await serve();
    const { body } = await request(application.getHttpServer()).get('/links/nobody').expect(404);
    expect(body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'There is no such record.',
      kind: 'not_found',
    });
  });

  it('an insert of what exists is 409', async () => {
    const application = await serve();
    const server = application.getHttpServer();
    await request(server).post('/links').send({ slug: 'a', title: 'A' }).expect(201);
    const { body } = await request(server).post('/links').send({ slug: 'a', title: 'B' }).expect(409);
    expect(body).toMatchObject({
      error: 'Conflict',
      kind: 'exists',
      message: 'There is such a record already.',
    });
  });

  it('a value that another record has, and that is unique, is 409 and names the property', async () => {
    const application = await serve();
    const duplicate = { paths: ['mail'], values: ['x'], slug: 'a', properties: ['email'] };
    const error = new DustError('exists', 'x', { detail: 'duplicate', duplicate });
    const { body } = await ask(application, error).expect(409);
    expect(body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      message: 'Another record has the same email already.',
      kind: 'exists',
      fields: { email: ['email must be unique'] },
    });
  });

  it('a write on another revision is 409', async () => {
    const application = await serve();
    const server = application.getHttpServer();
    await request(server).post('/links').send({ slug: 'a', title: 'A' }).expect(201);
    const { body } = await request(server).put('/links/a').send({ title: 'B', revision: 99 }).expect(409);
    expect(body).toMatchObject({ statusCode: 409, kind: 'conflict' });
  });

  it('rate limited is 429 with Retry-After, in whole seconds', async () => {
    const application = await serve();
    const error = new DustError('rate_limited', 'POST https://internal/… answered 429.', { retryAfter: 1.2 });
    const { body, headers } = await ask(application, error).expect(429);
    expect(headers['retry-after']).toBe('2');
    expect(body).toEqual({
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Too many requests reach the store. Try again later.',
      kind: 'rate_limited',
    });
  });

  it.each<[DustErrorKind, DustErrorDetails]>([
    ['network', {}],
    ['timeout', {}],
    ['closed', {}],
    ['not_initialized', {}],
    ['http', { status: 502, retryable: true }],
  ])('%s %j is 503, whose reason is for the log', async (kind, details) => {
    const logger = new RecordingLogger();
    const application = await serve(logger);
    const { body, headers } = await ask(
      application,
      new DustError(kind, 'At https://internal.', details),
    ).expect(503);
    expect(body).toEqual({
      statusCode: 503,
      error: 'Service Unavailable',
      message: 'The store is not available just now.',
      kind,
    });
    expect(headers).not.toHaveProperty('retry-after');
    expect(logger.dust).toEqual([`error [DustOrm] ${kind}: At https://internal.`]);
  });

  it('503 passes on how long the server asks to wait', async () => {
    const application = await serve();
    const error = new DustError('http', 'x', { status: 503, retryable: true, retryAfter: 30 });
    const { headers } = await ask(application, error).expect(503);
    expect(headers['retry-after']).toBe('30');
  });

  it.each([
    ['a fault of the service', new DustError('unauthorized', 'The server does not know the token.')],
    ['a mistake in the program', new DustError('invalid_criteria', 'where is empty')],
    ['an answer that no repetition mends', new DustError('http', 'moved', { status: 301, retryable: false })],
    ['any other error', new Error('oops')],
  ])('%s stays 500, without its message', async (_what, error) => {
    const { body } = await ask(await serve(), error).expect(500);
    expect(body).toEqual({ statusCode: 500, message: 'Internal server error' });
  });

  it('an HttpException stays what it is', async () => {
    await ask(await serve(), new NotFoundException('no such page')).expect(404, {
      statusCode: 404,
      error: 'Not Found',
      message: 'no such page',
    });
  });

  it("an error of the package's other copy is recognised", async () => {
    const other = Object.assign(new Error('Nobody.'), {
      kind: 'not_found',
      [Symbol.for('dust-orm.error')]: true,
    });
    await ask(await serve(), other).expect(404);
  });
});

describe('beside other filters', () => {
  @Catch()
  class Everything implements ExceptionFilter {
    constructor(private readonly adapters: HttpAdapterHost) {}

    catch(_error: unknown, host: ArgumentsHost): void {
      this.adapters.httpAdapter.reply(host.switchToHttp().getResponse(), { caught: 'everything' }, 418);
    }
  }

  const everything = {
    provide: APP_FILTER,
    useFactory: (host: HttpAdapterHost) => new Everything(host),
    inject: [HttpAdapterHost],
  };

  it('leaves to a filter for everything what it does not answer', async () => {
    const application = await start({ imports, controllers: [Links], providers: [everything, asProvider] });
    await ask(application, new HttpException('x', 400)).expect(418);
    await ask(application, new DustError('forbidden', 'x')).expect(418);
    await ask(application, new DustError('not_found', 'x')).expect(404);
  });

  it('works by useGlobalFilters with the adapter', async () => {
    const application = await start(
      { imports, controllers: [Links] },
      { configure: (made) => made.useGlobalFilters(new DustExceptionFilter(made.getHttpAdapter())) },
    );
    await request(application.getHttpServer()).get('/links/nobody').expect(404);
  });

  it('works on one controller by @UseFilters', async () => {
    @Controller('own')
    @UseFilters(DustExceptionFilter)
    class Own {
      @Get()
      find(): void {
        throw new DustError('held', 'Somebody else holds it.');
      }
    }
    const application = await start({ imports, controllers: [Own] });
    await request(application.getHttpServer()).get('/own').expect(409);
  });
});

describe('elsewhere', () => {
  const host = (type: string): ArgumentsHost =>
    ({
      getType: () => type,
      getArgByIndex: () => ({}),
      switchToHttp: () => ({ getResponse: () => ({}) }),
    }) as never;
  const error = new DustError('not_found', 'x');

  it('a microservice gets an Observable of the error', async () => {
    const answer = new DustExceptionFilter().catch(error, host('rpc'));
    await expect(lastValueFrom(answer!)).rejects.toBe(error);
  });

  it.each(['graphql', 'ws'])('%s gets the error itself', (type) => {
    expect(() => new DustExceptionFilter().catch(error, host(type))).toThrow(error);
  });

  it('without an adapter it says what to write', () => {
    expect(() => new DustExceptionFilter().catch(error, host('http'))).toThrow(/getHttpAdapter/);
  });
});
