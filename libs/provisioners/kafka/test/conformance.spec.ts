import { describeConformance } from '@millrace/conformance';
import { kafkaHarness } from './kafka-harness.js';

describeConformance(await kafkaHarness());
