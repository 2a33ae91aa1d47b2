import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DustHealthIndicator } from 'dust-orm/nestjs';
import { HealthController } from './health.controller.js';

@Module({
  imports: [TerminusModule],
  controllers: [HealthController],
  providers: [DustHealthIndicator],
})
export class HealthModule {}
