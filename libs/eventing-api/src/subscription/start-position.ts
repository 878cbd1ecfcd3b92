import { IsDateTime } from 'typebox/format';
import type { StartPosition } from '../driver/channel-driver.types.js';

/**
 * What `spec.startPosition` of a Subscription means: `resume`, or where it begins whatever stood there before; undefined where the text is none of `resume`,
 * `latest`, `earliest` and an RFC 3339 time. Absent means `resume`.
 */
export function parseStartPosition(text = 'resume'): 'resume' | StartPosition | undefined {
  switch (text) {
    case 'resume':
    case 'earliest':
      return text;
    case 'latest':
      return 'now';
    default: {
      const time = new Date(text);
      // Leap seconds and zone names are RFC times as well, and no Date.
      return IsDateTime(text) && !Number.isNaN(time.getTime()) ? { time } : undefined;
    }
  }
}
