// The pages of the login in a real browser, with the keyboard alone, with and without scripts.
//
//   node login.mjs TIDEWAY [CHROMIUM]
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLooks } from './looks.mjs';
import { serveClient } from './client.mjs';
import { serve } from './tideway.mjs';

const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');

const [program, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const focused = (page) => page.evaluate(() => document.activeElement.id
  || document.activeElement.textContent);

/**
 * A page that has been loaded gives an input the focus when it is first drawn, which may be later.
 * Keys that are pressed before would go nowhere.
 */
async function waitForFocus(page, id) {
  await page.locator(`#${id}:focus`).waitFor();
}

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses a key that leads to another page, and waits for that. */
async function submit(page, key = 'Enter') {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
}

/** A new window. Whatever the browser complains about fails the test when it is closed. */
async function open(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // The browser says so of every page with an error in it, and ours have one on purpose.
    const refused = /^Failed to load resource: .* status of (400|401|409) /.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !refused) complaints.push(message.text());
  });
  return {
    page,
    async close() {
      await context.close();
      assert.deepEqual(complaints, []);
    },
  };
}

/** The problem is announced, and belongs to the input that has the focus. */
async function expectProblem(page, text, input) {
  const alert = page.getByRole('alert');
  assert.match(await alert.textContent(), text);
  await waitForFocus(page, input);
  const field = page.locator(`#${input}`);
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const described = (await field.getAttribute('aria-describedby')).split(' ');
  assert.ok(described.includes(await alert.getAttribute('id')));
}

async function checkLoginPage(page) {
  assert.equal(await page.title(), 'Log in');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Log in');
  for (const name of ['E-mail address', 'Password']) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
  }
  assert.equal(await page.getByRole('textbox', { name: 'E-mail address' }).count(), 1);
  assert.equal(await page.getByRole('button', { name: 'Log in' }).count(), 1);
  await waitForFocus(page, 'email');
  const order = [];
  for (let i = 0; i < 4; i += 1) {
    order.push(await focused(page));
    await press(page, 'Tab');
  }
  assert.deepEqual(order, ['email', 'password', 'Log in', 'Create an account']);
  await page.locator('#email').focus();
}

/** A wrong password, then the right one, typed as people do. */
async function typeLogin(page, server) {
  await page.keyboard.type(server.email);
  await press(page, 'Tab');
  await page.keyboard.type('not-my-password');
  await submit(page);
  await expectProblem(page, /No account has this e-mail address and password/, 'password');
  assert.equal(await page.getByLabel('E-mail address').inputValue(), server.email);
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await page.keyboard.type(server.password);
  await submit(page);
}

async function logsInAndOut(browser, server, client) {
  const { page, close } = await open(browser);
  await page.goto(`${client.url}/login`);
  await page.waitForURL(`${server.realm}/auth?**`);
  await checkLoginPage(page);
  await checkLooks(page);
  await typeLogin(page, server);
  await page.getByText(`hello ${server.email}`).waitFor();
  const token = await page.locator('body').getAttribute('data-token');
  const asUser = () => fetch(`${server.url}/auth/user`, {
    headers: { 'X-Tidepool-Session-Token': token },
  });
  assert.equal((await asUser()).status, 200);

  await page.goto(`${client.url}/login`);
  await page.getByText(`hello ${server.email}`).waitFor(); // still logged in: no form
  await page.getByRole('button', { name: 'Log out' }).focus();
  await press(page, 'Enter');
  await page.waitForURL(`${client.url}/bye`);
  await page.goto(`${client.url}/login`);
  await page.waitForURL(`${server.realm}/auth?**`);
  await checkLoginPage(page);
  await close();
}

/** What a client asks, by a program that has no browser of its own. */
function request(client) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'blip', redirect_uri: `${client.url}/plain`, response_type: 'code',
    scope: 'openid', state: 's', code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  return { verifier, query };
}

/** Exchanges the code that the page was sent away with; whose login it was. */
async function whoCame(page, server, client, verifier) {
  assert.ok(page.url().startsWith(`${client.url}/plain?`), page.url());
  const given = new URL(page.url()).searchParams;
  assert.equal(given.get('state'), 's');
  const answer = await fetch(`${server.realm}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: 'blip', redirect_uri: `${client.url}/plain`,
      code: given.get('code'), code_verifier: verifier,
    }),
  });
  assert.equal(answer.status, 200);
  const { access_token: token } = await answer.json();
  const user = await fetch(`${server.realm}/userinfo`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return (await user.json()).email;
}

async function worksWithoutScripts(browser, server, client) {
  const { page, close } = await open(browser, { javaScriptEnabled: false });
  const { verifier, query } = request(client);
  await page.goto(`${server.realm}/auth?${query}`);
  await checkLoginPage(page);
  await typeLogin(page, server);
  assert.equal(await whoCame(page, server, client, verifier), server.email);
  // Nobody proves that the user wants to log out: he is asked.
  await page.goto(`${server.realm}/logout`);
  await page.getByRole('button', { name: 'Log out' }).focus();
  await submit(page);
  assert.equal(await page.getByRole('heading').textContent(), 'You are logged out');
  await page.goto(`${server.realm}/auth?${query}`);
  await checkLoginPage(page);
  await close();
}

async function makesAnAccount(browser, server, client, javaScriptEnabled) {
  const email = `new-${javaScriptEnabled}@example.net`;
  const { page, close } = await open(browser, { javaScriptEnabled });
  const { verifier, query } = request(client);
  await page.goto(`${server.realm}/auth?${query}`);
  await waitForFocus(page, 'email');
  await press(page, 'Tab', 'Tab', 'Tab');
  await submit(page);
  assert.equal(await page.title(), 'Create an account');
  for (const name of ['E-mail address', 'Your name (may be left empty)', 'Password']) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
  }
  assert.equal(await page.locator('#rule').textContent(), '8 to 72 characters, no spaces.');
  assert.equal(await page.locator('#password').getAttribute('aria-describedby'), 'rule');
  await waitForFocus(page, 'email');
  await checkLooks(page);
  await page.keyboard.type(server.email); // taken
  await press(page, 'Tab', 'Tab');
  await page.keyboard.type('with a space');
  await submit(page);
  await expectProblem(page, /8 to 72 characters and no spaces/, 'password');
  await page.keyboard.type('tall-pine-41');
  await submit(page);
  await expectProblem(page, /exists already/, 'email');
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Tab');
  await page.keyboard.type('Nia <b>');
  await press(page, 'Tab');
  await page.keyboard.type('tall-pine-41');
  await press(page, 'Tab');
  assert.equal(await focused(page), 'Create an account');
  await submit(page, 'Space');
  assert.equal(await whoCame(page, server, client, verifier), email);
  await close();
}

const directory = mkdtempSync(join(tmpdir(), 'tideway-browser-'));
const client = await serveClient();
let server;
let browser;
try {
  server = await serve(program, directory, client.url);
  client.realm = server.realm;
  // Headless, and with a user data directory that is new each time.
  browser = await chromium.launch({ executablePath, args: flags });
  await logsInAndOut(browser, server, client);
  await worksWithoutScripts(browser, server, client);
  for (const scripts of [true, false]) await makesAnAccount(browser, server, client, scripts);
  console.log('logged in, registered, logged out');
} finally {
  await browser?.close();
  await server?.stop();
  client.stop();
  rmSync(directory, { recursive: true, force: true });
}
