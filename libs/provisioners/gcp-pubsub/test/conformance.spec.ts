import { describeConformance } from '@millrace/conformance';
import { gcpPubSubHarness } from './gcp-pubsub-harness.js';

describeConformance(await gcpPubSubHarness());
