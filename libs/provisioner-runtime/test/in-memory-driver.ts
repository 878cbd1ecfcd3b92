/** The driver that the specs of this library host: the one that needs no broker. */
export { inMemoryDriverProvider } from '../../provisioners/in-memory/src/index.js';
