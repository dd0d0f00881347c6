// A workspace that the user does not trust: the base model completes, and nothing is learned.
import assert from 'node:assert/strict';
import { completeSomewhere } from './harness/places.mjs';
import { editorSuite } from './harness/suite.mjs';

editorSuite('An untrusted workspace', { trusted: false }, (test) => {
  test('is marked in the status bar', async (editor) => {
    await editor.openFile('Documents/Document.cs');
    await editor.waitForStatus(/CodeTuner.*restricted/);
  });

  test('gets completions', async (editor) => {
    assert.notEqual(await completeSomewhere(editor), '');
  });

  test('is not tuned: the palette does not offer it, and the menu offers trust instead', async (editor) => {
    assert.equal(await editor.hasCommand('CodeTuner: Fine-tune on This Workspace'), false);
    await editor.command('CodeTuner: Menu');
    const items = await editor.pickList();
    assert.ok(
      items.some((item) => /Trust this workspace/.test(item)),
      items.join('\n'),
    );
    assert.ok(!items.some((item) => /Fine-tune/.test(item)), items.join('\n'));
  });

  test('says in the view of the runs why nothing is learned', async (editor) => {
    await editor.command('CodeTuner: Show Runs');
    const view = await editor.webview(/Runs of/);
    assert.match(await view.evaluate(() => document.body.innerText), /not trusted/);
    assert.equal(await view.getByRole('button', { name: /tune/i }).count(), 0);
  });

  test('does not run a server that the workspace names', async (editor, workspace) => {
    workspace.write('.vscode/settings.json', JSON.stringify({ 'codetuner.server.path': '/no/such/codetuner-server' }));
    await editor.command('CodeTuner: Restart Server');
    await editor.waitForStatus(/CodeTuner.*restricted/);
    assert.equal(editor.server.languageServers().length, 1);
  });
});
