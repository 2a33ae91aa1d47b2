import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { dataSourceOptionsFromEnv } from 'dust-orm';
import { DustExceptionFilter, DustOrmModule } from 'dust-orm/nestjs';
import { HealthModule } from './health/health.module.js';
import { LinksModule } from './links/links.module.js';
import { PageController } from './page/page.controller.js';

/**
 * The environment decides where the list is kept: on a Dust server with DUST_BASE_URL, DUST_TOKEN and DUST_STORE, in the
 * folder DUST_PATH, or in memory.
 */
function dustOptions(env: NodeJS.ProcessEnv = process.env) {
  const remote = dataSourceOptionsFromEnv(env);
  const { DUST_PATH: path } = env;
  return { ...(remote.url === undefined && path !== undefined ? { path } : {}), ...remote };
}

@Module({
  imports: [
    DustOrmModule.forRootAsync({ useFactory: () => ({ ...dustOptions(), autoLoadEntities: true }) }),
    LinksModule,
    HealthModule,
  ],
  controllers: [PageController],
  providers: [
    { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, transform: true }) },
    { provide: APP_FILTER, useClass: DustExceptionFilter },
  ],
})
export class AppModule {}
