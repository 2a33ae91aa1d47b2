import express from 'express';
import request from 'supertest';
import type { DustErrorDetails, DustErrorKind, Logger } from '../../../src/index.js';
import { counterField, defineEntity, DustError, field, silentLogger, slug } from '../../../src/index.js';
import type { DustErrorHandlerOptions } from '../../../src/express/index.js';
import { dustErrorHandler } from '../../../src/express/index.js';
import { httpAnswer } from '../../../src/web/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { Link } from '../nestjs/support.js';

const Counted = defineEntity('counted', { slug: slug(), title: field('string'), views: counterField() });

type Application = ReturnType<typeof request>;

let logged: string[];
const logger: Logger = {
  ...silentLogger,
  warn: (message) => logged.push(`warn ${message}`),
  error: (message) => logged.push(`error ${message}`),
};

beforeEach(() => {
  logged = [];
});

const app = (act: () => unknown, options: DustErrorHandlerOptions = {}) =>
  express()
    .use(express.json())
    .use((_request, _response, next) => {
      // Express 4 knows of no promises.
      Promise.resolve()
        .then(act)
        .then(() => {
          next();
        }, next);
    })
    .use(dustErrorHandler({ logger, ...options }));

const failing = (error: unknown, options?: DustErrorHandlerOptions) =>
  request(
    app(() => {
      throw error;
    }, options),
  );

it.each<[DustErrorKind, number, DustErrorDetails]>([
  ['nothing_to_write', 400, {}],
  ['not_found', 404, {}],
  ['exists', 409, {}],
  ['conflict', 409, {}],
  ['held', 409, {}],
  ['not_supported', 501, {}],
  ['network', 503, {}],
  ['timeout', 503, {}],
  ['closed', 503, {}],
  ['not_initialized', 503, {}],
  ['http', 503, { retryable: true }],
  ['indeterminate', 504, {}],
])('%s is %d, in words for clients', async (kind, status, details) => {
  const error = new DustError(kind, 'At https://internal, hunter2.', details);
  const { body } = await failing(error).get('/links/a?key=secret').expect(status);
  expect(body).toEqual({
    statusCode: status,
    error: expect.any(String),
    message: httpAnswer(error)!.message,
    kind,
  });
  expect(logged).toEqual(status < 500 ? [] : [`error GET /links/a: ${kind}: At https://internal, hunter2.`]);
});

it.each<[DustErrorKind, DustErrorDetails]>([
  ['unauthorized', {}],
  ['storage', {}],
  ['invalid_criteria', {}],
  ['http', { status: 301 }],
])('%s is 500, and what it was is for the log', async (kind, details) => {
  const { body } = await failing(new DustError(kind, 'secret', details))
    .get('/')
    .expect(500);
  expect(body).toEqual({
    statusCode: 500,
    error: 'Internal Server Error',
    message: 'Something went wrong here.',
  });
  expect(logged).toEqual([`error GET /: ${kind}: secret`]);
});

it('what a precondition of the client refused is 412', async () => {
  const changed = failing(new DustError('conflict', 'x'));
  await changed.put('/').set('If-Match', '"1"').expect(412);
  await changed.put('/').set('If-None-Match', '*').expect(409);
  const there = failing(new DustError('exists', 'x'));
  await there.put('/').set('If-None-Match', '*').expect(412);
  await there.put('/').set('If-Match', '"1"').expect(409);
});

it.each([
  [['email'], 'Another record has the same email already.', { email: ['email must be unique'] }],
  [
    ['tenant', 'address.box'],
    'Another record has the same tenant and address.box already.',
    {
      tenant: ['tenant and address.box must be unique'],
      'address.box': ['tenant and address.box must be unique'],
    },
  ],
])(
  'names %j, which another record has, and neither the value nor that record',
  async (properties, message, fields) => {
    const duplicate = { paths: ['stored'], values: ['hunter2'], slug: 'ada', properties };
    const taken = failing(new DustError('exists', 'hunter2', { detail: 'duplicate', duplicate }));
    const { body } = await taken.put('/').set('If-None-Match', '*').expect(409);
    expect(body).toEqual({ statusCode: 409, error: 'Conflict', message, kind: 'exists', fields });
  },
);

it('tells in whole seconds when to come back', async () => {
  const limited = new DustError('rate_limited', 'x', { retryAfter: 1.2 });
  await failing(limited).get('/').expect(429).expect('Retry-After', '2');
});

it.each([Number.NaN, -5, Infinity, 1e30])('says nothing of when where that is %d', async (retryAfter) => {
  const { headers } = await failing(new DustError('rate_limited', 'x', { retryAfter }))
    .get('/')
    .expect(429);
  expect(headers['retry-after']).toBeUndefined();
});

it('takes back what was said of the answer that failed', async () => {
  const application = express()
    .get('/', (_request, response) => {
      response.set({
        'Content-Encoding': 'gzip',
        'Content-Language': 'de',
        'Content-Range': 'bytes 0-1/2',
        'Content-Disposition': 'attachment',
        ETag: '"7"',
        'Last-Modified': 'Mon, 30 Nov 2026 09:00:00 GMT',
        'Cache-Control': 'public, max-age=3600',
        'Set-Cookie': 'a=b',
      });
      throw new DustError('not_found', 'x');
    })
    .use(dustErrorHandler({ logger }));
  const { body, headers } = await request(application).get('/').expect(404);
  expect(body).toMatchObject({ statusCode: 404 });
  expect(Object.keys(headers)).not.toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^content-(encoding|language|range|disposition)|etag|last-mod/),
    ]),
  );
  expect([headers['cache-control'], headers['set-cookie']]).toEqual(['no-store', ['a=b']]);
});

it('names the properties of a record that is not valid, and no value', async () => {
  const dataSource = await createTestDataSource({ entities: [Link] });
  try {
    const links = dataSource.getRepository(Link);
    const adding = (title: unknown, options?: DustErrorHandlerOptions) =>
      request(app(() => links.insert({ slug: 'a', title: title as string }), options)).post('/');
    const message = 'title must be shorter than or equal to 20 characters';
    const { body } = await adding('hunter2-hunter2-hunter2').expect(400);
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: [message],
      kind: 'validation',
      fields: { title: [message] },
    });
    const problem = await adding('hunter2-hunter2-hunter2', { format: 'problem' }).expect(400);
    expect(problem.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(problem.text)).toEqual({
      title: 'Bad Request',
      status: 400,
      detail: message,
      kind: 'validation',
      fields: { title: [message] },
    });
    expect(logged).toEqual([]);
    await adding({ hunter: 2 }).expect(400);
    expect(logged).toEqual([expect.stringMatching(/^warn POST \/: validation: /)]);
  } finally {
    await dataSource.destroy();
  }
});

it('says of a slug that is too long, one that was changed, and an increment by no number, that the client is wrong', async () => {
  const dataSource = await createTestDataSource({ entities: [Counted] });
  try {
    const counted = dataSource.getRepository(Counted);
    await counted.insert({ slug: 'a', title: 't' });
    const asked = (act: () => unknown) => request(app(act)).post('/').expect(400);
    const long = await asked(() => counted.insert({ slug: 'x'.repeat(5000), title: 't' }));
    expect(long.body).toMatchObject({ kind: 'invalid_params', message: expect.stringContaining('too long') });
    const changed = await asked(() => counted.update('a', { slug: 'b', title: 'u' }));
    expect(changed.body).toMatchObject({ fields: { slug: ['slug cannot be changed'] } });
    const wrong = await asked(() => counted.increment('a', 'views', '1' as never));
    expect(wrong.body).toMatchObject({ fields: { views: ['views has a value that cannot be stored'] } });
  } finally {
    await dataSource.destroy();
  }
});

describe('errors that are not of this package', () => {
  const seen = (error: unknown, options?: DustErrorHandlerOptions) => {
    const passed: unknown[] = [];
    const application = app(() => {
      throw error;
    }, options).use(((caught, _request, response, _next) => {
      passed.push(caught);
      response.status(418).end();
    }) satisfies express.ErrorRequestHandler);
    return { passed, asked: request(application).get('/') };
  };

  it('go on to the next handler', async () => {
    const error = new Error('oops');
    const { passed, asked } = seen(error);
    await asked.expect(418);
    expect(passed).toEqual([error]);
  });

  it('are answered when that is asked for: those that expose themselves as they say', async () => {
    const teapot = Object.assign(new Error('too early'), {
      status: 425,
      expose: true,
      kind: 'early',
      fields: { when: ['later'] },
    });
    const { body } = await seen(teapot, { others: 'answer' }).asked.expect(425);
    expect(body).toEqual({
      statusCode: 425,
      error: 'Too Early',
      message: 'too early',
      kind: 'early',
      fields: { when: ['later'] },
    });
    expect(logged).toEqual([]);
  });

  it.each([
    ['an error of the program', new Error('password is 1234')],
    ['one that exposes nothing', Object.assign(new Error('password is 1234'), { status: 500 })],
    ['one that says nothing of exposing', { message: 'password is 1234' }],
    ['one whose status is none', Object.assign(new Error('password is 1234'), { status: 7, expose: true })],
    ['what is no error', 'password is 1234'],
  ])('%s is 500, in the log alone', async (_what, error) => {
    const { text } = await seen(error, { others: 'answer' }).asked.expect(500);
    expect(text).not.toContain('1234');
    expect(logged.join()).toContain('1234');
  });

  it.each([
    ['a path that cannot be read', (asked: Application) => asked.get('/%ff'), 400, 'Bad Request'],
    ['a file that is not there', (asked: Application) => asked.get('/file'), 404, 'Not Found'],
  ])("Express's own has its status, and no more: %s", async (_what, ask, status, message) => {
    const application = express()
      .get('/file', (_request, response) => {
        response.sendFile('/nowhere/secret');
      })
      .get('/:name', (_request, response) => void response.end())
      .use(dustErrorHandler({ logger, others: 'answer' }));
    const { body } = await ask(request(application)).expect(status);
    expect(body).toEqual({ statusCode: status, error: message, message });
    expect(logged).toEqual([]);
  });

  it('a status from elsewhere is kept, and its reason is in the log', async () => {
    const error = Object.assign(new Error('of a call to somebody'), { statusCode: 404 });
    const { body } = await seen(error, { others: 'answer' }).asked.expect(404);
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Not Found' });
    expect(logged).toEqual(['warn GET /: Error: of a call to somebody']);
  });

  it('bring their headers along', async () => {
    const error = Object.assign(new Error('who are you?'), {
      status: 401,
      expose: true,
      headers: { 'WWW-Authenticate': 'Basic', 'Content-Length': 1, 'no header': 'x', 'X-Bad': 'a\nb' },
    });
    const { body, headers } = await seen(error, { others: 'answer' }).asked.expect(401);
    expect(body).toMatchObject({ message: 'who are you?' });
    expect([headers['www-authenticate'], headers['x-bad']]).toEqual(['Basic', undefined]);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each([
    ['a circle', circular],
    ['a bigint', { a: 10n }],
  ])('fields that are %s are left out', async (_what, fields) => {
    const error = Object.assign(new Error('m'), { status: 400, expose: true, fields });
    const { body } = await seen(error, { others: 'answer' }).asked.expect(400);
    expect(body).toEqual({ statusCode: 400, error: 'Bad Request', message: 'm' });
  });

  it.each<[string, unknown, string]>([
    ['an object', { code: 7 }, '{ code: 7 }'],
    [
      'what throws when it is looked at',
      {
        get status() {
          throw new Error('boo');
        },
      },
      'status',
    ],
    [
      'a proxy that refuses all',
      new Proxy(
        {},
        {
          get: (_target, name) => {
            // A promise looks for one.
            if (name === 'then') return undefined;
            throw new Error('trap');
          },
        },
      ),
      '',
    ],
  ])('are 500 and told in the log though they are none: %s', async (_what, error, reason) => {
    await seen(error, { others: 'answer' }).asked.expect(500);
    expect(logged).toEqual([expect.stringContaining(`error GET /: ${reason}`.replace('/: status', '/: {'))]);
  });

  it('a body that is no JSON is 400', async () => {
    const asked = request(app(() => undefined, { others: 'answer' }))
      .post('/')
      .type('json')
      .send('{');
    const { body } = await asked.expect(400);
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request' });
  });
});

it('an answer that has begun is left to Express, which cuts it off', async () => {
  const application = express()
    .get('/', (_request, response) => {
      response.write('half');
      throw new DustError('network', 'gone');
    })
    .use(dustErrorHandler({ logger }));
  await expect(request(application).get('/')).rejects.toThrow('aborted');
  expect(logged).toEqual(['error GET /: network: gone']);
});
