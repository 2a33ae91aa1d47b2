import { Controller, Get, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { DustExceptionFilter, DustHealthIndicator, DustOrmModule } from 'dust-orm/nestjs';
import { LinksModule } from './links.module.mjs';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly dust: DustHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.dust.pingCheck('dust')]);
  }
}

@Module({
  imports: [
    LinksModule,
    EventEmitterModule.forRoot({ wildcard: true }),
    TerminusModule,
    DustOrmModule.forRootAsync({
      useFactory: async () => ({ store: 'acme/reading', autoLoadEntities: true }),
    }),
  ],
  controllers: [HealthController],
  providers: [{ provide: APP_FILTER, useClass: DustExceptionFilter }],
})
export class AppModule {}
