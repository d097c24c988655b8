// A web app that logs its user in, as web apps do: authorisation code with PKCE, all in the browser.
// Served from an address of its own, so that the browser applies what it applies to strangers.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Runs in the browser. `realm` is the address of the provider's endpoints. */
function app(realm) {
  const own = location.origin;
  const code = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const show = (text) => { document.getElementById('said').textContent = text; };

  async function logIn() {
    const verifier = code(crypto.getRandomValues(new Uint8Array(32)));
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    sessionStorage.verifier = verifier;
    sessionStorage.state = code(crypto.getRandomValues(new Uint8Array(16)));
    location.assign(`${realm}/auth?${new URLSearchParams({
      client_id: 'blip', redirect_uri: `${own}/back`, response_type: 'code', scope: 'openid',
      state: sessionStorage.state, code_challenge: code(digest), code_challenge_method: 'S256',
    })}`);
  }

  async function comeBack() {
    const given = new URLSearchParams(location.search);
    if (given.get('state') !== sessionStorage.state) return show('a stranger sent us here');
    const answer = await fetch(`${realm}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code', client_id: 'blip', redirect_uri: `${own}/back`,
        code: given.get('code'), code_verifier: sessionStorage.verifier,
      }),
    });
    const tokens = await answer.json();
    const user = await fetch(`${realm}/userinfo`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    });
    sessionStorage.idToken = tokens.id_token;
    document.body.dataset.token = tokens.access_token;
    return show(`hello ${(await user.json()).email}`);
  }

  document.getElementById('out').addEventListener('click', () => {
    location.assign(`${realm}/logout?${new URLSearchParams({
      id_token_hint: sessionStorage.idToken, post_logout_redirect_uri: `${own}/bye`,
    })}`);
  });
  if (location.pathname === '/login') logIn();
  else if (location.pathname === '/back') comeBack();
  else show('logged out');
}

/** Starts it on a free port; `realm` may be set later. */
export async function serveClient() {
  const client = { realm: '' };
  const page = () => `<!doctype html><html lang="en"><meta charset="utf-8"><title>App</title>
<link rel="icon" href="data:,"><p id="said"></p><button id="out">Log out</button>
<script>(${app})(${JSON.stringify(client.realm)})</script></html>`;
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(page());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client.url = `http://127.0.0.1:${server.address().port}`;
  client.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return client;
}
