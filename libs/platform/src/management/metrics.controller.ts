import { LOGGER, type Logger } from '@millrace/eventing-api';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { PrometheusMetrics } from '../metrics/prometheus-metrics.js';

/** `/metrics` in Prometheus' text format. */
@Controller()
export class MetricsController {
  constructor(
    @Inject(PrometheusMetrics) private readonly metrics: PrometheusMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    const { text, errors } = await this.metrics.scrape();
    for (const error of errors) this.logger.error('A metric cannot be read', { error });
    return text;
  }
}
