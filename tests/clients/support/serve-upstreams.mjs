// Both upstreams as a program, for the Python tests: prints their origins as one line of JSON, ends with its standard input.
import { startFaults } from './faults.mjs';
import { startMock } from './mock.mjs';

const faults = await startFaults();
const mock = await startMock();
console.log(JSON.stringify({ faults: faults.origin, mock: mock.origin }));
process.stdin.on('close', () => process.exit(0)).resume();
