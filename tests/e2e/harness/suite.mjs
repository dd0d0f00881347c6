// A suite of tests that share one editor. A test that fails leaves a picture and the logs behind.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { artifactsFolder, root } from './tools.mjs';
import { Editor } from './editor.mjs';
import { Workspace } from './workspace.mjs';

/** The package under test: the one that CODETUNER_VSIX names, or the newest in the repository's root. */
export function extensionPackage() {
  if (process.env.CODETUNER_VSIX) return process.env.CODETUNER_VSIX;
  const platform = `${process.platform}-${process.arch}`;
  const [newest] = readdirSync(root)
    .filter((name) => name.startsWith('codetuner-') && name.endsWith('.vsix') && name.includes(platform))
    .map((name) => join(root, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  assert.ok(newest, `There is no codetuner-${platform}-….vsix in ${root}. Run "npm run package".`);
  return newest;
}

/**
 * Defines a suite whose tests run one after another in one editor with a fresh profile on a fresh workspace.
 * @param {string} name
 * @param {object} options as for CodeServer.start, without folder and vsix; `arrange(workspace)` may change the workspace before it is opened
 * @param {(test: (title: string, run: (editor: Editor, workspace: Workspace) => Promise<void>, options?: object) => void) => void} define
 */
export function editorSuite(name, { arrange, ...options }, define) {
  describe(name, { concurrency: false }, () => {
    /** @type {Editor} */ let editor;
    /** @type {Workspace} */ let workspace;

    before(async () => {
      workspace = Workspace.create();
      await arrange?.(workspace);
      editor = await Editor.open({ ...options, folder: workspace.folder, vsix: extensionPackage() });
    }, { timeout: 300_000 });

    after(async () => {
      const left = await editor?.close();
      workspace?.remove();
      assert.deepEqual(left ?? [], [], 'Language servers that did not end with the editor.');
    }, { timeout: 60_000 });

    define((title, run, { timeout = 180_000 } = {}) => {
      it(title, { timeout }, async () => {
        assert.ok(editor, 'The editor did not start.');
        try {
          await run(editor, workspace);
        } catch (e) {
          await keep(editor, `${name} ${title}`);
          throw e;
        } finally {
          await editor.press('Escape').catch(() => {});
        }
      });
    });
  });
}

async function keep(editor, title) {
  mkdirSync(artifactsFolder, { recursive: true });
  const file = title.replace(/[^\w-]+/g, '-');
  await editor.screenshot(file).catch(() => {});
  const logs = ['CodeTuner.log', 'remoteexthost.log'].map((log) => `== ${log}\n${editor.server.readLog(log)}`);
  writeFileSync(join(artifactsFolder, `${file}.log`), [...logs, `== code-server\n${editor.server.logs}`].join('\n'));
}
