// What goes wrong, and what the user hears of it.
import assert from 'node:assert/strict';
import { editorSuite } from './harness/suite.mjs';
import { waitFor } from './harness/wait.mjs';

editorSuite('A server that ends unexpectedly', {}, (test) => {
  let first;

  test('runs once a file is open', async (editor) => {
    await editor.openFile('Documents/Document.cs');
    first = await waitFor(
      'one language server',
      () => editor.server.languageServers().length === 1 && editor.server.languageServers()[0].pid,
    );
    await editor.waitForStatus(/CodeTuner: base model\./);
  });

  test('is started again, with one message', async (editor) => {
    process.kill(first, 'SIGKILL');
    await editor.waitForNotification(/ended unexpectedly/);
    await waitFor('another server', () => editor.server.languageServers().some((server) => server.pid !== first));
    await editor.waitForStatus(/CodeTuner: base model\./);
    const messages = (await editor.notifications()).filter((text) => /CodeTuner/.test(text));
    assert.equal(messages.length, 1, messages.join('\n'));
    assert.equal(editor.server.languageServers().length, 1);
  });

  test('still knows the open documents afterwards', async (editor) => {
    await editor.clearNotifications();
    await editor.goTo(1);
    await editor.type('// typed after the restart ');
    await editor.command('CodeTuner: Review Changes');
    await editor.waitForStatus(/CodeTuner: base model\./);
    const problems = (await editor.notifications()).filter((text) => /not open|unknown document|failed/i.test(text));
    assert.deepEqual(problems, []);
  });
});

editorSuite('A server path that leads nowhere', { settings: { 'codetuner.server.path': '/no/such/codetuner-server' } }, (test) => {
  test('is told once, with what to do', async (editor) => {
    await editor.openFile('Documents/Document.cs');
    const message = await editor.waitForNotification(/\/no\/such\/codetuner-server/);
    assert.match(message, /codetuner\.server\.path/);
    await editor.waitForStatus(/problem/);
    await editor.openFile('Documents/DocumentText.cs'); // further files are no reason to say it again
    const messages = (await editor.notifications()).filter((text) => /CodeTuner|codetuner/.test(text));
    assert.equal(messages.length, 1, messages.join('\n'));
  });

  test('can be corrected while the editor runs', async (editor) => {
    editor.server.writeSettings({ 'codetuner.server.path': '' });
    await editor.command('CodeTuner: Restart Server');
    await waitFor('a language server', () => editor.server.languageServers().length === 1);
    await editor.waitForStatus(/CodeTuner: base model\./);
  });
});
