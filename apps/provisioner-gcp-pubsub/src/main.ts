import '@millrace/platform/node-version';

// Imported only now: an older Node could not even load it.
const { start } = await import('./app.module.js');
await start();
