// The bare minimum that Millrace is measured against: receive with node:http, forward with undici's dispatch, answer 202 when every target has answered.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const targets = process.argv.slice(2).map((url) => new URL(url));
const pools = targets.map((target) => new Pool(target.origin, { connections: 64, pipelining: 1 }));

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () =>
    forward(request.rawHeaders, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), response),
  );
});

function forward(rawHeaders, body, response) {
  const headers = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (name.startsWith('ce-') || name === 'content-type') headers.push(name, rawHeaders[i + 1]);
  }
  let waiting = targets.length;
  const settle = () => {
    waiting -= 1;
    if (waiting === 0) response.writeHead(202, { 'content-length': 0 }).end();
  };
  targets.forEach((target, i) => {
    pools[i].dispatch(
      { path: target.pathname, method: 'POST', headers, body },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData() {},
        onResponseEnd: settle,
        onResponseError: settle,
      },
    );
  });
}

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
