import { admission } from '../admission/admission.js';
import { SubscriptionSpec, type Subscription } from './subscription.schema.js';
import { validateSubscription, validateSubscriptionUpdate } from './subscription.validation.js';

/** Admits a Subscription: validation and immutability; it has no defaults. */
export const admitSubscription = admission<Subscription>({
  spec: SubscriptionSpec,
  validate: validateSubscription,
  validateUpdate: validateSubscriptionUpdate,
});
