/**
 * First import of every `main.ts`, before anything that an older Node cannot even load:
 *
 *     import '@millrace/platform/node-version';
 *     const { start } = await import('./app.module.js');
 */
const NEEDED_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED_MAJOR) {
  process.stderr.write(
    `Millrace needs Node ${NEEDED_MAJOR} or newer, this is ${process.version}: start it with "npm start", which brings its own.\n`,
  );
  process.exit(1);
}

export {};
