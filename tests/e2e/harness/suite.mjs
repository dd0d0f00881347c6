// A suite of tests that share one editor. A test that fails leaves a picture and the logs behind.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { artifactsFolder, extensionPackage } from './tools.mjs';
import { Editor } from './editor.mjs';
import { Workspace } from './workspace.mjs';

/**
 * Defines a suite whose tests run one after another in one editor with a fresh profile on a fresh workspace.
 * @param {string} name
 * @param {object} options as for CodeServer.start, without folder and vsix; `arrange(workspace)` commits files of its own before the others
 * @param {(test: (title: string, run: (editor: Editor, workspace: Workspace) => Promise<void>, options?: { timeout?: number, essential?: boolean }) => void) => void} define
 *   gets a function that defines a test; where one fails that is essential, those after it fail at once
 */
export function editorSuite(name, { arrange, ...options }, define) {
  describe(name, { concurrency: false }, () => {
    /** @type {Editor} */ let editor;
    /** @type {Workspace} */ let workspace;
    /** @type {string | undefined} */ let hopeless;

    before(
      async () => {
        workspace = Workspace.create(arrange);
        editor = await Editor.open({ ...options, folder: workspace.folder, vsix: extensionPackage() });
      },
      { timeout: 300_000 },
    );

    after(
      async () => {
        const left = await editor?.close();
        workspace?.remove();
        assert.deepEqual(left ?? [], [], 'Language servers that did not end with the editor.');
      },
      { timeout: 60_000 },
    );

    define((title, run, { timeout = 180_000, essential = false } = {}) => {
      it(title, { timeout }, async () => {
        assert.ok(editor, 'The editor did not start.');
        assert.equal(hopeless, undefined, 'Not tried, for what it builds on failed.');
        try {
          await run(editor, workspace);
        } catch (e) {
          if (essential) hopeless = title;
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
