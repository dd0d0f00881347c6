// One session from the installation on, as a user goes through it: base model, tune, tuned model, and every feature on the way.
// The tests build on each other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lowContrast, overflow } from './harness/contrast.mjs';
import { completeSomewhere, undoTyping } from './harness/places.mjs';
import { editorSuite } from './harness/suite.mjs';
import { root } from './harness/tools.mjs';
import { waitFor } from './harness/wait.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The most a tune may take in all, on a machine that does other things too. */
const tuneLimit = 480_000;

/** A file with a function to summarise, a comment to generate from, and something to review. */
const ledger = `namespace Sample;

/// <summary>Amounts, in the order in which they came.</summary>
public sealed class Ledger
{
    private readonly List<int> _amounts = [];

    public void Add(int amount)
    {
        _amounts.Add(amount);
    }

    public int Total()
    {
        int sum = 0;
        foreach (int amount in _amounts)
        {
            sum += amount;
        }

        return sum;
    }

    // Gives the number of amounts.

}
`;

/** A file whose functions are alike, so that a line that does not fit is seen even by a small model. */
const limits = ['Width', 'Height', 'Depth', 'Left', 'Right', 'Top', 'Bottom']
  .map(
    (name) => `export function check${name}(value: number, limit: number): number {
  if (value > limit) {
    throw new RangeError(message(value, limit));
  }
  return value;
}

`,
  )
  .join('');

/** Lines of that file, and what does not fit there; one after the other is tried. */
const misfits = [
  { line: 47, text: 'return limit;' },
  { line: 44, text: 'if (limit > limit) {' },
  { line: 40, text: 'return limit;' },
];

/** Functions without a doc comment; a model that is not sure of what to say is silent. */
const undocumented = [
  { path: 'Ledger.cs', line: 8, column: 17 },
  { path: 'Ledger.cs', line: 13, column: 17 },
  { path: 'Max.cs', line: 5, column: 24 },
  { path: 'settings.py', line: 1, column: 6 },
  { path: 'count.py', line: 1, column: 6 },
  { path: 'Documents/OpenDocuments.cs', line: 68, column: 20 },
];

/** Comments that ask for code; a model that has nothing to add under one says so. */
const comments = [
  { path: 'Ledger.cs', line: 24, column: 10, comment: 'Gives the number of amounts.' },
  { path: 'sums.py', line: 2, column: 20, comment: 'add up the totals of all orders' },
  { path: 'sums.py', line: 5, column: 20, comment: 'return the first line of the file' },
];

function arrange(workspace) {
  workspace.write(
    'sums.py',
    'def order_sum(orders):\n    # add up the totals of all orders\n\ndef first_line(path):\n    # return the first line of the file\n',
  );
  workspace.write('Ledger.cs', ledger);
  workspace.write('Limits.ts', limits);
  workspace.write(
    'Max.cs',
    'namespace Sample;\n\ninternal static class Numbers\n{\n    public static int Max(int left, int right)\n    {\n        return left > right ? left : right;\n    }\n}\n',
  );
  workspace.write('settings.py', 'def load_settings(path):\n    with open(path) as file:\n        return json.load(file)\n');
  workspace.write('count.py', 'def count_words(text):\n    return len(text.split())\n');
  workspace.commit('Add samples', '2026-01-01T12:00:00Z');
}

editorSuite(
  'A session',
  { arrange, settings: { 'codetuner.tune.minutes': 1, 'codetuner.completion.debounce': 20, 'codetuner.review.sensitivity': 'high' } },
  (test) => {
    test(
      'starts one server once a file is open, and says that the base model serves',
      async (editor) => {
        await editor.openFile('Ledger.cs', 8, 10);
        await editor.waitForStatus(/CodeTuner: base model\./);
        assert.equal(editor.server.languageServers().length, 1);
        assert.match(
          editor.server.languageServers()[0].command,
          process.env.CODETUNER_SERVER ? /./ : /extensions\/codetuner/,
          'not the server of the package',
        );
      },
      { essential: true },
    );

    test('offers every command that can be run now', async (editor) => {
      const now = manifest.contributes.commands.filter(
        ({ command }) => !manifest.contributes.menus.commandPalette.some((item) => item.command === command),
      );
      assert.ok(now.length > 5);
      for (const { category, title } of now) assert.ok(await editor.hasCommand(`${category}: ${title}`), `${category}: ${title}`);
    });

    test('opens its menu from the status bar', async (editor) => {
      await editor.statusItem('CodeTuner').click();
      const items = await editor.pickList();
      for (const wanted of [/Fine-tune on this workspace/, /Show runs/, /Generate from comment/, /Settings/]) {
        assert.ok(
          items.some((item) => wanted.test(item)),
          `${wanted} in\n${items.join('\n')}`,
        );
      }
    });

    test('says "No Runs Yet" before the first tune', async (editor) => {
      await editor.command('CodeTuner: Show Runs');
      await editor.webview(/No Runs Yet/);
    });

    test(
      'starts a tune and shows its progress',
      async (editor) => {
        await editor.openFile('Ledger.cs', 8, 10);
        await editor.command('CodeTuner: Fine-tune on This Workspace');
        const seen = new Set();
        await waitFor(
          'progress to move on',
          async () => {
            const status = (await editor.statusBar()).find((text) => /CodeTuner: (reading|preparing|tuning|measuring)/.test(text));
            if (status) seen.add(/\d+ %/.exec(status)?.[0]);
            return seen.size >= 3;
          },
          { timeout: 150_000, interval: 250 },
        );
      },
      { essential: true },
    );

    test(
      'completes while it tunes',
      async (editor) => {
        assert.notEqual(await completeSomewhere(editor, { each: 30_000 }), '');
        assert.ok(
          (await editor.statusBar()).some((text) => /CodeTuner: (reading|preparing|tuning|measuring)/.test(text)),
          'the tune was over already',
        );
        await undoTyping(editor);
      },
      { timeout: 240_000 },
    );

    test(
      'promotes what is better, and says so',
      async (editor) => {
        const message = await editor.waitForNotification(/now completes with the model tuned on|brought no gain|failed|was stopped/, {
          timeout: tuneLimit,
        });
        assert.match(message, /now completes with the model tuned on/);
        await editor.waitForStatus(/CodeTuner: tuned\./);
        await editor.clearNotifications();
      },
      { timeout: tuneLimit + 60_000, essential: true },
    );

    test('shows ghost text from the tuned model, and Tab accepts it', async (editor, workspace) => {
      const ghost = await completeSomewhere(editor);
      assert.notEqual(ghost, '');
      await editor.press('Tab');
      await waitFor('the ghost text to become text', async () => (await editor.ghostText()) !== ghost);
      await editor.save();
      const changed = workspace.git('diff', '--name-only').trim();
      const text = readFileSync(join(workspace.folder, changed), 'utf8').replaceAll('\r\n', '\n');
      const first = ghost.split('\n')[0].trim();
      assert.ok(text.includes(first), `"${first}" is not in\n${text}`);
      workspace.git('checkout', '--', '.');
    });

    test('counts what was shown and accepted', async (editor) => {
      await editor.command('CodeTuner: Show Statistics');
      await editor.webview(/accepted\D*[1-9]/i);
    });

    test('summarises a function in its hover, marked as generated', async (editor) => {
      let text = '';
      for (const { path, line, column } of undocumented) {
        await editor.openFile(path);
        text = await editor.hover(line, column, /generated/i, { timeout: 15_000 }).catch(() => '');
        if (text) break;
      }
      assert.match(text, /\w+.*generated by CodeTuner/is);
      await editor.press('Escape');
    });

    test('writes code from a comment, as one step to undo', async (editor) => {
      let written = false;
      for (const { path, line, column, comment } of comments) {
        await editor.openFile(path, line, column);
        const before = (await editor.visibleLines()).join('\n');
        const text = async () => (await editor.visibleLines()).join('\n');
        await editor.command('CodeTuner: Generate from Comment');
        written = await waitFor('code below the comment', async () => (await text()) !== before, { timeout: 20_000 }).catch(() => false);
        if (!written) continue;
        assert.ok((await text()).includes(comment), 'the comment stays');
        await editor.press('Mod+z');
        await waitFor('one undo to bring all back', async () => (await text()) === before);
        break;
      }
      assert.ok(written, 'Nothing was written under any comment.');
    });

    let marked;
    test('reviews a changed line, and applies its suggestion', async (editor, workspace) => {
      for (const misfit of misfits) {
        await editor.openFile('Limits.ts', misfit.line, 200);
        await editor.press('Shift+Home');
        await editor.type(misfit.text);
        await editor.press('Escape');
        await editor.save();
        await editor.command('CodeTuner: Review Changes');
        if (
          await waitFor('a mark at the changed line', async () => (await editor.marks()).includes(misfit.line), { timeout: 20_000 }).catch(
            () => false,
          )
        ) {
          marked = misfit;
          break;
        }
        workspace.git('checkout', '--', '.');
        await editor.command('File: Revert File');
      }
      assert.ok(marked, 'No misfit was marked.');
      await editor.hover(marked.line, 6, /CodeTuner/);
      await editor.press('Escape');
      await editor.goTo(marked.line, 6);
      const actions = await editor.codeActions();
      assert.ok(
        actions.some((title) => /Dismiss/.test(title)),
        actions.join('\n'),
      );
      const fix = actions.find((title) => /replace/i.test(title));
      assert.ok(fix, actions.join('\n'));
      await editor.applyCodeAction(fix);
      await waitFor('the line to be replaced', async () => !(await editor.visibleLines())[marked.line - 1]?.includes(marked.text));
      await undoTyping(editor);
    });

    test('forgets a suggestion that is dismissed', async (editor, workspace) => {
      await editor.command('CodeTuner: Review Changes');
      await waitFor('a mark at the changed line', async () => (await editor.marks()).includes(marked.line));
      await editor.goTo(marked.line, 6);
      await editor.codeActions();
      await editor.applyCodeAction('Dismiss');
      await waitFor('the mark to go', async () => !(await editor.marks()).includes(marked.line));
      workspace.git('checkout', '--', '.');
    });

    test('shows the run: curve, files, measures, in use', async (editor) => {
      await editor.command('CodeTuner: Show Runs');
      const view = await editor.webview(/Runs of/);
      await waitFor('the curve', () => view.locator('svg').first().isVisible());
      const text = await view.evaluate(() => document.body.innerText);
      for (const wanted of [/in use/i, /held-out/i, /files/i]) assert.match(text, wanted);
    });

    test('shows it in 300 pixels, in every kind of theme, with contrast', async (editor) => {
      await editor.page.setViewportSize({ width: 300 + 48, height: 900 });
      if (await editor.page.locator('.part.sidebar').isVisible()) await editor.press('Mod+b');
      await editor.command('CodeTuner: Show Runs');
      const view = await editor.webview(/Runs of/);
      const problems = [];
      for (const theme of ['Default Light Modern', 'Default Dark Modern', 'Default High Contrast', 'Default High Contrast Light']) {
        await editor.theme(theme);
        await editor.screenshot(`runs 300 ${theme}`);
        problems.push(...(await lowContrast(view)).map((text) => `${theme}: contrast ${text}`));
        const wider = await overflow(view);
        if (wider > 0) problems.push(`${theme}: ${wider} pixels too wide`);
      }
      await editor.page.setViewportSize({ width: 1280, height: 800 });
      for (const theme of ['Default Dark Modern', 'Default Light Modern']) {
        await editor.theme(theme);
        await editor.screenshot(`runs 1280 ${theme}`);
        problems.push(...(await lowContrast(view)).map((text) => `${theme}: contrast ${text}`));
      }
      assert.deepEqual(problems, []);
    });

    test('comes back after a reload of the window with the tuned model', async (editor) => {
      await editor.reload();
      await editor.openFile('Ledger.cs', 8, 10);
      await editor.waitForStatus(/CodeTuner: tuned\./);
      await waitFor('one server', () => editor.server.languageServers().length === 1);
    });

    test('leaves nothing in the workspace', async (editor, workspace) => {
      assert.equal(workspace.git('ls-files', '--others').trim(), '');
    });
  },
);
