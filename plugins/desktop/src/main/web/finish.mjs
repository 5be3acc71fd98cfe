// Takes the WebAssembly out of IronRDP's script, which holds it as base64: `node finish.mjs LIBRARIES`. As a file of its
// own it is compiled while it comes, kept compiled by browsers, and a third smaller. Fails unless the package is the one
// that was looked at.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const script = join(process.argv[2], "@devolutions/iron-remote-desktop-rdp/iron-remote-desktop-rdp.js");
const packed = /"data:application\/wasm;base64,([A-Za-z0-9+/=]+)"/g;

const hashes = {
  published: "b008f0e258fd9485c6f2b07747116d4fcbbe51053ce995abd048fb2b79636332",
  wasm: "68b5c65280e5348ea418cd0aba2e4e28f9bd4051c2cf9fd4b84d721847ef3363",
  script: "d0a9049437c8f513831aab198f298263d5f6aef1cecdb18e55de6e73131b58e6",
};

function check(what, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash !== hashes[what]) {
    throw new Error(`${script}: SHA-256 of ${what} is ${hash} (expected: ${hashes[what]}). Another package? Look at it, then pin it here.`);
  }
}

const published = readFileSync(script, "utf8");
check("published", published);
const found = [...published.matchAll(packed)];
if (found.length !== 1) {
  throw new Error(`${script}: holds ${found.length} WebAssembly files (expected: 1)`);
}
const wasm = Buffer.from(found[0][1], "base64");
const split = published.replace(packed, () => 'new URL("iron-remote-desktop-rdp.wasm", import.meta.url)');
check("wasm", wasm);
check("script", split);
writeFileSync(script.replace(/\.js$/, ".wasm"), wasm);
writeFileSync(script, split);
