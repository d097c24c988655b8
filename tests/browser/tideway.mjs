// A running `tideway serve --demo` that people may register with.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The address has to be known before the server is: it tells clients. */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export async function serve(program, directory, clientUrl) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const dataDir = join(directory, 'data');
  const server = spawn(
    program,
    [
      'serve', '--demo', '--data-dir', dataDir, '--listen', url.slice('http://'.length),
      '--public-url', url, '--registration', 'open', '--oidc-redirects', `blip=${clientUrl}/*`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  await new Promise((resolve, reject) => {
    server.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes(' listens on ')) resolve();
    });
    server.on('exit', () => reject(new Error(`the server does not start:\n${output}`)));
  });
  return {
    url,
    realm: `${url}/realms/tidepool/protocol/openid-connect`,
    email: 'demo@example.com',
    password: readFileSync(join(dataDir, 'demo-password'), 'utf8').trim(),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}
