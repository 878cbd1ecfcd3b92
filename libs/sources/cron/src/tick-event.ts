import { CloudEvent } from 'cloudevents';

/** Type of the CloudEvents that this source emits (Knative Eventing Sources v0.4). */
export const CRON_JOB_EVENT_TYPE = 'dev.knative.cronjob.event';

/** What is said of every tick of one CronJobSource. */
export interface TickContent {
  /** Namespace and name of the CronJobSource. */
  readonly namespace: string;
  readonly name: string;
  /** Its `spec.data`. */
  readonly data: string;
}

/**
 * The CloudEvent of one tick. Its id is the time that it was due: however often it is sent, by whatever replica, it is the same event. The data are always
 * JSON, as in 2019: a text that is a JSON object as it stands, any other as `{"body": <the text>}`.
 */
export function tickEvent({ namespace, name, data }: TickContent, dueAtMs: number): CloudEvent<string> {
  const time = new Date(dueAtMs).toISOString();
  return new CloudEvent({
    id: time,
    source: `/apis/v1/namespaces/${namespace}/cronjobsources/${name}`,
    type: CRON_JOB_EVENT_TYPE,
    time,
    datacontenttype: 'application/json',
    data: isJsonObject(data) ? data : JSON.stringify({ body: data }),
  });
}

function isJsonObject(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
