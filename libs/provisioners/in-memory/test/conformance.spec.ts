import { describeConformance } from '@millrace/conformance';
import { inMemoryHarness } from './in-memory-harness.js';

describeConformance(inMemoryHarness());
describeConformance(inMemoryHarness({ acknowledge: 'delivered' }));
