import { describeConformance } from '../src/index.js';
import { log } from './harnesses.js';

describeConformance(log('log', (driver) => driver));
