// `npm run brokers -- install|up|down|status`: brokers for development and tests. Needs Node 20 and nothing installed.
import { fail, findNode, install, run, tool } from '../start/workspace.mjs';

await install();
const node = findNode();
let output = '';
const built = await run([node, tool('tsc'), '-b', 'tools/brokers/tsconfig.build.json'], (chunk) => (output += chunk));
if (built !== 0) {
  process.stderr.write(output);
  fail('The build of tools/brokers failed: see above.');
}
process.exit(await run([node, 'tools/brokers/dist/cli/main.js', ...process.argv.slice(2)]));
