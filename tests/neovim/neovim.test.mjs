// The language server in Neovim, headless. What is tried is in language-server.lua; here each of its checks becomes a test.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findNeovim, languageServer } from '../e2e/harness/tools.mjs';

const script = join(dirname(fileURLToPath(import.meta.url)), 'language-server.lua');
const checks = [...readFileSync(script, 'utf8').matchAll(/\bcheck\((['"])(.*?)\1, function/g)].map((match) => match[2]);

const code = `namespace Sample;

/// <summary>Sums and counts.</summary>
public static class Numbers
{
    public static int Total(int[] values)
    {
        int sum = 0;
        int count = 0;
        string text = "";
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum + count + text.Length;
    }
}
`;

/** Functions without a doc comment, each alone in its file. */
const hovered = {
  'settings.py': 'def load_settings(path):\n    with open(path) as file:\n        return json.load(file)\n',
  'email.py': 'def is_valid_email(email):\n    return re.match(PATTERN, email) is not None\n',
  'count.py': 'def count_words(text):\n    return len(text.split())\n',
  'first.py': 'def first(items):\n    if not items:\n        return None\n    return items[0]\n',
  'name.py': 'def get_name(self):\n    return self.name\n',
};

test('Neovim', { timeout: 300_000 }, async (t) => {
  assert.ok(
    existsSync(languageServer),
    `The server is not built: dotnet build server/CodeTuner.LanguageServer -c Release (looked for ${languageServer})`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'ct-nvim-'));
  try {
    const workspace = join(folder, 'workspace');
    mkdirSync(workspace);
    writeFileSync(join(workspace, 'Numbers.cs'), code);
    for (const [name, text] of Object.entries(hovered)) writeFileSync(join(workspace, name), text);
    const { output, errors, status } = await run(folder, workspace);
    const results = new Map(
      [...output.matchAll(/^(ok|not ok) (.*?)(?:: (.*))?$/gm)].map((match) => [match[2], { ok: match[1] === 'ok', why: match[3] }]),
    );
    for (const name of checks) {
      await t.test(name, () => {
        const result = results.get(name);
        assert.ok(result, `Neovim did not come to it.\n${output}\n${errors}`);
        assert.ok(result.ok, `${result.why}\n${errors}`);
      });
    }
    assert.equal(status, 0, `${output}\n${errors}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function run(folder, workspace) {
  const environment = {
    ...process.env,
    SERVER: process.env.CODETUNER_SERVER || languageServer,
    WORKSPACE: workspace,
    HOVERED: Object.keys(hovered).join(' '),
    FILE: 'Numbers.cs',
    STATE: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'), // Neovim's log of the protocol
    XDG_STATE_HOME: join(folder, 'state-nvim'),
    XDG_DATA_HOME: join(folder, 'data'),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(findNeovim(), ['--headless', '--clean', '-n', '-c', `luafile ${script}`], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), 240_000);
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(limit);
      resolve({ output, errors, status });
    });
  });
}
