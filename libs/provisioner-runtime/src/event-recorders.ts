import type { Clock, Logger } from '@millrace/eventing-api';
import { EventRecorder, type KubeClient } from '@millrace/kube';
import { controllerName } from './stores/serving-provider.js';

/** One recorder for each driver, since Events name the driver's controller as the one who reports. */
export class EventRecorders {
  private readonly byDriver = new Map<string, EventRecorder>();

  constructor(
    private readonly client: KubeClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  of(driver: string): EventRecorder {
    let recorder = this.byDriver.get(driver);
    if (!recorder) {
      const { client, clock, logger } = this;
      recorder = new EventRecorder({ client, component: controllerName(driver), clock, logger });
      this.byDriver.set(driver, recorder);
    }
    return recorder;
  }

  async flush(): Promise<void> {
    await Promise.all([...this.byDriver.values()].map((recorder) => recorder.flush()));
  }
}
