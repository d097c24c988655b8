// The JSON Schemas that the program prints against its engine, on the records of the golden vectors:
// a record that the engine accepts must be valid, and most of those that it refuses must not be.
//
//   node agree.mjs TIDEWAY VECTORS      (in a directory with ajv, see tests/CMakeLists.txt)
//
// Prints one line a type. Exits with 1 and names the records where the two disagree.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

// The schema leaves out rules between fields and what needs tables (time zones); everything else
// it must find. The share is measured, the bound is a little below.
const REFUSED_SHARE_MIN = 0.9;

const [tideway, vectors] = process.argv.slice(2);
const run = (program, args, input) =>
  execFileSync(program, args, { input, maxBuffer: 1 << 30 });
const lines = (buffer) => buffer.toString("utf8").split("\n").filter((line) => line !== "");

// Strict, so that misspelt or misplaced keywords are errors. Not about types: a definition leaves
// "object or null" to the place that refers to it, and conditions speak of fields, not of kinds.
const ajv = new Ajv2020({
  strict: true, strictTypes: false, strictTuples: false, strictRequired: false,
});
const types = JSON.parse(run(tideway, ["schema", "--json"]));
const validators = new Map();
for (const type of types) {
  validators.set(type, ajv.compile(JSON.parse(run(tideway, ["schema", type, "--json"]))));
}

/// The records of one body that have a known type: each as a body of its own, and as a value.
function recordsOf(request) {
  let body;
  try {
    body = JSON.parse(request);
  } catch {
    return [];
  }
  if (!Array.isArray(body)) return [];
  const known = body.filter((value) => validators.has(value?.type));
  // As it was sent where it was sent alone: its spelling counts.
  if (body.length === 1) return known.map((value) => ({ value, request }));
  // Both sides get the same: numbers beyond a double become null.
  return known.map((value) => {
    const request = JSON.stringify([value]);
    return { value: JSON.parse(request)[0], request };
  });
}

function readRecords(file) {
  const records = [];
  for (const line of lines(run("zstd", ["-dcq", join(vectors, file)]))) {
    const vector = JSON.parse(line);
    if (vector.request === undefined) continue;
    for (const record of recordsOf(vector.request)) {
      records.push({ ...record, name: `${vector.name}#${records.length}` });
    }
  }
  return records;
}

function engineVerdicts(records) {
  const input = records.map(({ name, request }) => JSON.stringify({ name, request })).join("\n");
  const results = lines(run(tideway, ["validate", "--lines"], input + "\n")).map((line) => JSON.parse(line));
  if (results.length !== records.length) throw new Error("validate answered not every line");
  return results;
}

const newCount = () => ({ accepted: 0, valid: 0, refused: 0, invalid: 0 });
const counts = new Map(types.map((type) => [type, newCount()]));
const missed = new Map(); // refused by the engine alone, by code and field
let contradictions = 0;

function compare(record, result) {
  const validate = validators.get(record.value.type);
  const valid = validate(record.value);
  const count = counts.get(record.value.type);
  if (result.status === 200) {
    count.accepted += 1;
    if (valid) {
      count.valid += 1;
    } else {
      contradictions += 1;
      console.error(`accepted, but invalid: ${record.name}\n  ${record.request}`);
      console.error(`  ${JSON.stringify(validate.errors)}`);
    }
    return;
  }
  count.refused += 1;
  if (!valid) {
    count.invalid += 1;
    return;
  }
  const first = result.body.errors?.[0] ?? result.body;
  const field = first.source?.pointer.replace(/\/\d+/g, "");
  const reason = `${first.code} ${record.value.type}${field}`;
  missed.set(reason, (missed.get(reason) ?? 0) + 1);
}

for (const file of readdirSync(vectors).sort()) {
  const records = readRecords(file);
  if (records.length === 0) continue;
  const results = engineVerdicts(records);
  records.forEach((record, i) => compare(record, results[i]));
}

const total = newCount();
const say = (name, { accepted, valid, refused, invalid }) =>
  console.log(`${name}: ${valid} of ${accepted} accepted records are valid,` +
              ` ${invalid} of ${refused} refused ones are not`);
for (const [type, count] of counts) {
  say(type, count);
  for (const key of Object.keys(total)) total[key] += count[key];
}
say("schema", total);
if (process.env.SHOW_MISSED) {
  for (const [reason, count] of [...missed].sort((a, b) => b[1] - a[1])) console.log(`${count} ${reason}`);
}

const untested = [...counts].filter(([, count]) => count.accepted === 0 || count.refused === 0);
for (const [type] of untested) console.error(`no records of type ${type} on both sides`);
const share = total.invalid / total.refused;
console.log(`share of refused records that the schemas refuse: ${(100 * share).toFixed(1)} %`);
if (share < REFUSED_SHARE_MIN) console.error(`that is less than ${100 * REFUSED_SHARE_MIN} %`);
process.exit(contradictions > 0 || untested.length > 0 || share < REFUSED_SHARE_MIN ? 1 : 0);
