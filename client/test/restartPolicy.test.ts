import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartPolicy } from '../src/infrastructure/server/restartPolicy';

function after(crashesAt: number[]): (number | 'giveUp')[] {
  const policy = new RestartPolicy();
  return crashesAt.map((seconds) => {
    const decision = policy.crashed(seconds * 1000);
    return decision === 'giveUp' ? decision : decision.restartAfterMs / 1000;
  });
}

const cases: [string, number[], (number | 'giveUp')[]][] = [
  ['waits longer each time, and gives up at the fifth', [0, 2, 5, 10, 20], [1, 2, 4, 8, 'giveUp']],
  ['forgets what is older than three minutes', [0, 200, 400, 600, 800], [1, 1, 1, 1, 1]],
  ['counts within a sliding window', [0, 100, 170, 181, 190, 200], [1, 2, 4, 4, 8, 'giveUp']],
];
for (const [name, crashes, expected] of cases) {
  test(`restart policy ${name}`, () => assert.deepEqual(after(crashes), expected));
}

test('restart policy starts afresh when the user asks', () => {
  const policy = new RestartPolicy();
  for (let i = 0; i < 5; i++) policy.crashed(i);
  policy.forget();
  assert.deepEqual(policy.crashed(10), { restartAfterMs: 1000 });
});
