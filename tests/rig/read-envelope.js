// SPDX-License-Identifier: GPL-2.0-or-later
// read-envelope.js: reads a file as Sentry's own code reads an envelope, and says as JSON what it understood.
// usage: node read-envelope.js DIRECTORY ENVELOPE; DIRECTORY is what fetch-sentry made.
// It fails where the file is no envelope with one event in it, or where the parts written again are not as long as the file: then there
// is something in it that the reader passed over.
'use strict';
const fs = require('fs');
const path = require('path');

const [directory, file] = process.argv.slice(2);
const core = require(path.resolve(directory, 'node_modules/@sentry/core'));
const bytes = new Uint8Array(fs.readFileSync(file));
const [header, items] = core.parseEnvelope(bytes);

function show ([itemHeader, payload]) {
  const text = payload instanceof Uint8Array ? Buffer.from(payload).toString('utf8') : JSON.stringify(payload);
  if (itemHeader.type === 'event') return { header: itemHeader, json: JSON.parse(text) };
  return { header: itemHeader, text };
}

const shown = items.map(show);
const events = shown.filter(item => item.json !== undefined);
if (events.length !== 1 || events[0].json.event_id !== header.event_id) throw new Error('not one event of the id in the header');
if (header.dsn !== undefined && core.makeDsn(header.dsn) === undefined) throw new Error('a DSN that is none');
const again = core.serializeEnvelope(core.createEnvelope(header, items));
const spare = bytes.length - Buffer.byteLength(again);
if (spare < 0 || spare > 1) throw new Error(`${spare} bytes more than there are parts`);
process.stdout.write(JSON.stringify({ header, items: shown }) + '\n');
