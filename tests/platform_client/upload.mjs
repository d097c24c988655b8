// The HTTP library of the Tidepool Uploader, unchanged, against a running `tideway serve
// --uploader-local`: from the check of versions to the log-out, in the order of
// docs/spec/clients.md 14.
//
//   node upload.mjs TIDEWAY
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const require = createRequire(join(process.cwd(), 'package.json'));
const makeClient = require('tidepool-platform-client');

const tideway = process.argv[2];
const email = 'nia@example.net';
const password = 'tall-pine-41';
const deviceId = 'InsOmn-130133-1';

/** Starts the server on free ports and gives the addresses of the Uploader's choice "Local". */
async function serve(dataDir) {
  execFileSync(
    tideway,
    ['user', 'add', '--data-dir', dataDir, '--email', email, '--password-stdin'],
    { input: `${password}\n` },
  );
  const server = spawn(
    tideway,
    [
      'serve', '--data-dir', dataDir, '--listen', '127.0.0.1:0',
      // Also with OIDC on: on the ports of the Uploader the password form stays.
      '--public-url', 'https://dia.example.net',
      '--uploader-local', '--uploader-local-addresses', '127.0.0.1:0,127.0.0.1:0,127.0.0.1:0',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  const urls = await new Promise((resolve, reject) => {
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const line = output.match(/Uploader's choice "Local": (.*)\n/);
      if (line) resolve(line[1].split(' '));
    });
    server.on('exit', () => reject(new Error(`the server does not start:\n${output}`)));
  });
  return { server, urls };
}

/** Five-minute values of a day. */
function readings(count) {
  const start = Date.UTC(2026, 1, 14);
  return Array.from({ length: count }, (_, i) => ({
    type: 'cbg',
    units: 'mg/dL',
    value: 100 + (i % 80),
    time: new Date(start + i * 300_000).toISOString(),
    deviceTime: new Date(start + i * 300_000).toISOString().slice(0, 19),
    timezoneOffset: 0,
    conversionOffset: 0,
    deviceId,
  }));
}

const dataset = {
  type: 'upload',
  computerTime: '2026-02-15T09:31:07',
  time: '2026-02-15T09:31:07+00:00',
  timezoneOffset: 60,
  conversionOffset: 0,
  timezone: 'Europe/Berlin',
  timeProcessing: 'utc-bootstrapping',
  version: '2.64.0',
  deviceTags: ['cgm'],
  deviceManufacturers: ['Dexcom'],
  deviceModel: 'G6',
  deviceSerialNumber: 'SM1',
  deviceId,
  client: {
    name: 'org.tidepool.uploader',
    version: '2.64.0',
    private: { os: 'linux-x64-6.1', delta: { lastPage: 118 } },
  },
  deduplicator: { name: 'org.tidepool.deduplicator.device.deactivate.hash' },
};

async function upload(call, userId, records) {
  const created = await call('createDatasetForUser', userId, dataset);
  const { uploadId } = created.data;
  assert.match(uploadId, /^[0-9a-f]{32}$/);
  for (let at = 0; at < records.length; at += 1000) {
    const added = await call('addDataToDataset', uploadId, records.slice(at, at + 1000));
    assert.deepEqual(added.data, []);
  }
  await call('finalizeDataset', uploadId);
  return uploadId;
}

/** As the drivers do that know no data sets: Dexcom's receiver, some meters. */
async function uploadTheOldWay(call, userId, uploadId, records) {
  const session = { ...dataset, uploadId, guid: 'a1', byUser: userId, deviceId: 'DexG4Rec-SM1' };
  delete session.client;
  delete session.deduplicator;
  assert.deepEqual(await call('uploadDeviceDataForUser', userId, session), []);
  const theirs = records.map((record, i) => ({
    ...record, type: 'smbg', deviceId: 'DexG4Rec-SM1', uploadId, guid: `g${i}`,
  }));
  const duplicates = [];
  for (let at = 0; at < theirs.length; at += 1000) {
    duplicates.push(...await call('uploadDeviceDataForUser', userId, theirs.slice(at, at + 1000)));
  }
  return duplicates;
}

async function run(urls) {
  const [host, uploadApi, dataHost] = urls;
  const quiet = { warn() {}, info() {}, debug() {} };
  const client = makeClient({
    host, uploadApi, dataHost, log: quiet, metricsSource: 'uploader', metricsVersion: '2.64.0',
  });
  const call = (name, ...given) => promisify(client[name])(...given);

  await call('initialize');
  const info = await call('checkUploadVersions');
  assert.match(info.versions.uploaderMinimum, /^\d+\.\d+\.\d+$/);
  assert.equal(info.auth?.url ?? null, null, 'the password form');

  await assert.rejects(call('login', { username: email, password: 'wrong-one' }, {}));
  // Without noRefresh the timer of the renewal would keep this program alive.
  const { userid, user } = await call('login', { username: email, password }, { noRefresh: true });
  assert.match(userid, /^[0-9a-f]{10}$/);
  assert.equal(user.username, email);
  assert.equal((await call('getCurrentUser')).userid, userid);
  const profile = await call('findProfile', userid);
  assert.equal(typeof profile.fullName, 'string');
  assert.ok(Array.isArray(await call('getAssociatedUsersDetails', userid)));
  const time = await call('getTime');
  assert.ok(Math.abs(Date.parse(time.data.time) - Date.now()) < 15 * 60_000);

  assert.deepEqual(await call('getUploadRecordsForDevice', userid, deviceId, 1), []);
  const records = readings(2417);
  await upload(call, userid, records);
  const again = await upload(call, userid, records); // the same meter, read a second time
  const known = await call('getUploadRecordsForDevice', userid, deviceId, 1);
  assert.equal(known[0].uploadId, again, 'the newest set of the device');
  assert.equal(known[0].client.private.delta.lastPage, 118);

  const fetched = await call('getDeviceDataForUser', userid, { type: 'cbg' });
  assert.equal(fetched.length, records.length, 'every reading once');
  assert.ok(fetched.every((record) => record.uploadId === again));

  const few = records.slice(0, 1200);
  assert.deepEqual(await uploadTheOldWay(call, userid, 'upid_4be1c0ffee09', few), []);
  const more = await uploadTheOldWay(call, userid, 'upid_0123456789ab', records.slice(0, 1210));
  assert.equal(more.length, few.length, 'all that was there already');
  const old = await call('getDeviceDataForUser', userid, { type: 'smbg' });
  assert.equal(old.length, 1210, 'every reading once, shown at once');
  await assert.rejects(
    call('uploadDeviceDataForUser', userid, [{ ...records[0], uploadId: 'upid_4be1c0ffee09', value: -1 }]),
    (error) => error.statusCode === 400 && error.dataIndex === 0 && /value/.test(error.message),
  );
  await call('logout');
  await assert.rejects(call('getCurrentUser'));
}

const dataDir = mkdtempSync(join(tmpdir(), 'tideway-platform-client-'));
let started;
try {
  started = await serve(join(dataDir, 'data'));
  await run(started.urls);
  console.log('uploaded, read back, logged out');
} finally {
  if (started) {
    const ended = once(started.server, 'exit');
    started.server.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(process.exitCode ?? 0);
