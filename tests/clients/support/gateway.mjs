// A belay serve of its own for each test program, with upstreams of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { startFaults } from './faults.mjs';
import { startMock } from './mock.mjs';

const template = readFileSync(new URL('gateway.toml', import.meta.url), 'utf8');

/** The address that `belay serve` says it listens on. */
function listening(program) {
  return new Promise((resolve, reject) => {
    let log = '';
    program.stderr.setEncoding('utf8').on('data', (text) => {
      log += text;
      const found = /listens on (\S+)/.exec(log);
      if (found) resolve(found[1].replace(/,$/, ''));
    });
    program.on('exit', (code) => reject(new Error(`belay serve ended with ${code}: ${log}`)));
    program.on('error', reject);
  });
}

/** Starts upstreams and gateway; they end with the tests of this program. `more`: lines behind the configuration. */
export async function startGateway({ more = '' } = {}) {
  for (const name of ['BELAY', 'BELAY_PLUGINS']) if (!process.env[name]) throw new Error(`${name} is not set: run these tests by ctest -R clients`);
  const [faults, mock] = [await startFaults(), await startMock()];
  const folder = mkdtempSync(join(tmpdir(), 'belay-clients-'));
  const values = { FOLDER: folder, PLUGINS: process.env.BELAY_PLUGINS, FAULTS: faults.origin, MOCK: mock.origin };
  const file = join(folder, 'belay.toml');
  writeFileSync(file, template.replace(/@([A-Z]+)@/g, (_, name) => values[name]) + more, { mode: 0o600 });
  const program = spawn(process.env.BELAY, ['serve', '--config', file, '--listen', '127.0.0.1:0', '--workers', '2'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((exited) => program.on('exit', exited));
  after(async () => {
    program.kill('SIGTERM');
    const end = setTimeout(() => program.kill('SIGKILL'), 20_000);
    const code = await ended;
    clearTimeout(end);
    faults.close();
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`belay serve ended with ${code}`);
  });
  const origin = await listening(program);
  const get = async (path) => (await fetch(origin + path)).json();
  const control = async (what, method = 'GET') => (await fetch(`${faults.origin}/control/${what}`, { method })).json();
  return { origin, get, control, mock, trace: (id) => get(`/belay/traces/${id}`) };
}
