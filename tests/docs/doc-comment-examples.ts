import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** An `@example` of a doc comment. */
export interface DocCommentExample {
  /** `file:line` of the symbol it stands at, counted from 1. */
  readonly place: string;
  readonly code: string;
}

/** The examples in the doc comments of a source file. */
export function docCommentExamples(file: string, name: string): DocCommentExample[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: DocCommentExample[] = [];
  const visit = (node: ts.Node): void => {
    for (const tag of jsDocOf(node).flatMap(({ tags }) => tags ?? [])) {
      if (tag.tagName.text !== 'example') continue;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${name}:${line + 1}`, code: ts.getTextOfJSDocComment(tag.comment) ?? '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The comments right at the node: what a node inherits from its parent was met there. */
function jsDocOf(node: ts.Node): ts.JSDoc[] {
  return node.getChildren().filter(ts.isJSDoc);
}

/** What the examples take for granted, and then each in a function of its own, below its place. */
export function examplesModule(examples: readonly DocCommentExample[]): string {
  const functions = examples.map(
    ({ place, code }, n) => `// ${place}\nexport async function example${n}() {\n${code}\n}`,
  );
  return [TAKEN_FOR_GRANTED, ...functions].join('\n\n');
}

/** What a reader of the reference knows from the guides. */
const TAKEN_FOR_GRANTED = `
import { EventEmitter } from 'node:events';
import { APP_FILTER } from '@nestjs/core';
import type { MessageEvent } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { Server } from 'node:http';
import type { Express } from 'express';
import { pino } from 'pino';
import type { Observable } from 'rxjs';
import type { EntityEvent, Repository } from 'dust-orm';
import { DataSource, DustEntity, EventBridge, Field, IsNull, Slug } from 'dust-orm';
import { counterField, defineEntity, defineNested, field, nested, slug } from 'dust-orm';
import { dataSourceOptionsFromEnv, pinoLogger, sseStream, toAsyncIterable, writeSse } from 'dust-orm';
import { closeGracefully, dustErrorHandler, eventsRoute, healthRoute, liveListRoute } from 'dust-orm/express';
import type { HealthRoute, StreamRoute } from 'dust-orm/express';
import { instrumentDust } from 'dust-orm/opentelemetry';
import { DustExceptionFilter, DustOrmModule, InjectRepository, nestLogger } from 'dust-orm/nestjs';
import { serve } from 'dust-orm/server';
import type { TestDataSource } from 'dust-orm/testing';
import { createTestDataSource } from 'dust-orm/testing';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
  @Field({ required: true }) url!: string;
  @Field('string') note?: string | null;
}

class LinkService {
  constructor(readonly links: Repository<Link>) {}
  add(link: Link) { return this.links.insert(link); }
}
class ServiceUnavailable extends Error {}

declare class ConfigService { get(name: string): string }
declare class NodeSDK { start(): void }
declare const app: Express;
declare const health: HealthRoute;
declare const linkEvents: StreamRoute;
declare const server: Server;
declare const dataSource: DataSource;
declare const dust: TestDataSource;
declare const link: Link;
declare const links: Repository<Link>;
declare const service: LinkService;
declare function linesOf(file: string): AsyncIterable<Link>;
declare function makeReport(): Promise<string>;
`;
