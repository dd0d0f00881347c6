import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorReport } from '../src/features/doctor/report';
import { modelItems } from '../src/features/models/modelItems';
import { statisticsReport } from '../src/features/statistics/report';

test('the doctor says what to do', () => {
  const report = doctorReport([
    { name: 'Server', status: 'ok', detail: 'runs' },
    { name: 'disk', status: 'error', detail: 'full | very\nfull', advice: 'Delete old runs.' },
  ]);
  assert.match(report, /One thing must be mended\.\n/);
  assert.ok(report.includes('| Disk | ✗\u00a0must be mended | full \\| very full |'));
  assert.match(report, /## What to do\n\n- \*\*Disk\*\*: Delete old runs\./);
});
test('the doctor has nothing to say about health', () => {
  const report = doctorReport([{ name: 'Server', status: 'ok', detail: 'runs' }]);
  assert.match(report, /Nothing is broken\.\n/);
  assert.ok(!report.includes('What to do'));
});

test('statistics with and without counts', () => {
  const none = statisticsReport(
    { shown: 0, accepted: 0, charactersAccepted: 0, retention: [{ seconds: 30, of: 0 }], latency: { count: 0 } },
    { count: 0, p50: undefined, p95: undefined },
  );
  assert.ok(none.includes('| Accepted | 0 |'));
  assert.ok(none.includes('none measured'));
  assert.ok(!none.includes('Still there'));
  const some = statisticsReport(
    {
      shown: 8,
      accepted: 3,
      charactersAccepted: 90,
      retention: [{ seconds: 300, share: 0.667, of: 3 }],
      latency: { count: 8, p50: 80.4, p95: 200 },
    },
    { count: 8, p50: 95, p95: 240 },
  );
  for (const part of ['| Accepted | 3 (38 %) |', 'median | 80 ms', '| 5 min | 67 % | 3 |']) assert.ok(some.includes(part), part);
});

test('the embedded model is chosen by an empty setting', () => {
  const models = [
    { name: 'codetuner-10m', path: '/m/a', parameters: 10_100_000, embedded: true, active: true },
    { name: 'qwen', path: '/m/b', parameters: 1_540_000_000, embedded: false, active: false, description: 'Larger.' },
  ];
  assert.deepEqual(modelItems(models), [
    { label: '$(check) codetuner-10m', description: '10 million parameters · comes with CodeTuner · in use', detail: '/m/a', setting: '' },
    { label: 'qwen', description: '1.5 billion parameters', detail: 'Larger.', setting: 'qwen' },
  ]);
});
