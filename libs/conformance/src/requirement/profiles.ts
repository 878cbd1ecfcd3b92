import {
  accounts,
  acknowledgesDelivery,
  backlog,
  deadLetters,
  detachSubscription,
  durable,
  limitedRoom,
  orderingByKey,
  sharedConsumption,
  type CapabilityNeed,
} from './needs.js';

/** A part of the suite that can be run alone. */
interface ProfileDescription {
  /** What it is about. */
  readonly asks: string;
  /** What a driver declares for it to apply; absent = it applies to all. */
  readonly needs?: CapabilityNeed | undefined;
}

/** Every profile, by name. */
export const PROFILES = {
  core: { asks: 'what every driver does, whatever its store' },
  payloads: { asks: 'any bytes, any attributes, any size, unchanged' },
  ordering: { asks: 'events of one key in the order of the store', needs: orderingByKey },
  replay: { asks: 'a Subscription that starts in the past' },
  durability: { asks: 'stored events outlive the process', needs: durable },
  replicas: { asks: 'several processes share the events of a Subscription', needs: sharedConsumption },
  backlog: { asks: 'figures of what waits', needs: backlog },
  accounts: { asks: 'exact accounts of a store in this process', needs: accounts },
  'dead-letters': { asks: 'a Channel that keeps dead letters', needs: deadLetters },
  detach: { asks: 'Subscriptions that are gone and may come back', needs: detachSubscription },
  room: { asks: 'a store that is full', needs: limitedRoom },
  acknowledged: { asks: 'a publish that waits for every subscriber', needs: acknowledgesDelivery },
  outage: { asks: 'a store that goes away and comes back', needs: durable },
  engine: { asks: 'driver, delivery engine and HTTP subscribers together' },
} as const satisfies Record<string, ProfileDescription>;

export type Profile = keyof typeof PROFILES;

/** What the profile needs of a driver; undefined = nothing. */
export function needOf(profile: Profile): CapabilityNeed | undefined {
  const { needs }: ProfileDescription = PROFILES[profile];
  return needs;
}
