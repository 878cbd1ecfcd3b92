export { eventually } from './eventually.js';
export { CONFIG_MAPS, configMap, KubeTestServer, sendJson, sendStatus } from './kube-test-server.js';
export type { SeenRequest } from './kube-test-server.js';
export { ManualClock } from './manual-clock.js';
export { RecordingLogger } from './recording-logger.js';
export { startSink } from './recording-sink.js';
export type { ReceivedRequest, RecordingSink } from './recording-sink.js';
