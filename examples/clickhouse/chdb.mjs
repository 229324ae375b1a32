// Serves a current ClickHouse on loopback: npm's chdb, which is ClickHouse inside
// node and has no server of its own. It answers as ClickHouse's HTTP interface does
// what the players and the commands of the README ask: a query and settings in the
// URL, the rest of the query or rows in the body, the status by the exception's code.
//
// usage: node chdb.mjs MODULES PORT [DATA]
//   MODULES  has chdb in node_modules: npm install --prefix MODULES chdb@3.4.0
//   DATA     a folder for the tables; without it they go with the process
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

if (process.argv.length < 4) {
  console.error('usage: node chdb.mjs MODULES PORT [DATA]');
  process.exit(2);
}
const [modules, port, data] = process.argv.slice(2);
const { Session } = createRequire(`${resolve(modules)}/`)('chdb');

// Codes of exceptions that are not the server's fault, as a current ClickHouse
// answers them: what cannot be parsed, and what is not there. All others are 500.
const STATUS = new Map([
  [400, [6, 26, 27, 33, 36, 38, 41, 43, 44, 47, 53, 57, 62, 72, 117, 131, 376]],
  [404, [16, 60, 73, 81, 115]],
]);

const statusOf = (message) => {
  const code = Number(/Code: (\d+)/.exec(message)?.[1]);
  for (const [status, codes] of STATUS)
    if (codes.includes(code))
      return status;
  return 500;
};

const text = (value) =>
  /^\d+$/.test(value) ? value : `'${value.replace(/[\\']/g, '\\$&')}'`;

// The query as ClickHouse would run it: settings are part of it here.
const compose = (url, body) => {
  const names = [...url.searchParams].filter(([name]) => name !== 'query');
  const settings = names.map(([name, value]) => `${name} = ${text(value)}`);
  const query = url.searchParams.get('query') ?? '';
  if (!query || settings.length === 0)
    return `${query}\n${body}`;
  return query.replace(/( FORMAT \w+\s*)?$/i,
    (format) => ` SETTINGS ${settings.join(', ')}${format}\n`) + body;
};

const session = data ? new Session(data) : new Session();

const answer = (request, response, chunks) => {
  const body = Buffer.concat(chunks);
  const plain = request.headers['content-encoding'] === 'gzip'
    ? gunzipSync(body) : body;
  const url = new URL(request.url, 'http://127.0.0.1');
  try {
    response.end(session.query(compose(url, plain.toString('utf8')),
      'TabSeparated'));
  } catch (error) {
    response.statusCode = statusOf(error.message);
    response.end(`${error.message}\n`);
  }
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(request, response, chunks));
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (!data)
      session.cleanup();
    process.exit(0);
  });
server.listen(Number(port), '127.0.0.1');
