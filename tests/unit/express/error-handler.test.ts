import express from 'express';
import request from 'supertest';
import type { DustErrorDetails, DustErrorKind, Logger } from '../../../src/index.js';
import { DustError, silentLogger } from '../../../src/index.js';
import type { DustErrorHandlerOptions } from '../../../src/express/index.js';
import { dustErrorHandler } from '../../../src/express/index.js';
import { httpAnswer } from '../../../src/web/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { Link } from '../nestjs/support.js';

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

it('tells in whole seconds when to come back', async () => {
  const limited = new DustError('rate_limited', 'x', { retryAfter: 1.2 });
  await failing(limited).get('/').expect(429).expect('Retry-After', '2');
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
    ['one that exposes nothing', Object.assign(new Error('password is 1234'), { status: 404 })],
    ['one whose status is none', Object.assign(new Error('password is 1234'), { status: 7, expose: true })],
    ['what is no error', 'password is 1234'],
  ])('%s is 500, in the log alone', async (_what, error) => {
    const { text } = await seen(error, { others: 'answer' }).asked.expect(500);
    expect(text).not.toContain('1234');
    expect(logged.join()).toContain('1234');
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
