import { describeConformance } from '@millrace/conformance';
import { natsHarness } from './nats-harness.js';

describeConformance(await natsHarness());
