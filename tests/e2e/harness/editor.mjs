// VS Code's workbench in a browser, as a person uses it: keys, the palette, what is on the screen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { artifactsFolder, findChromium, playwright } from './tools.mjs';
import { CodeServer } from './code-server.mjs';
import { pause, patience, waitFor } from './wait.mjs';

const control = process.platform === 'darwin' ? 'Meta' : 'Control';

export class Editor {
  /** @type {CodeServer} */ server;
  /** @type {import('playwright-core').Page} */ page;
  #browser;

  /** Starts an editor on a folder and waits for its workbench. For the options see CodeServer.start. */
  static async open(options) {
    const editor = new Editor();
    editor.server = await CodeServer.start(options);
    try {
      editor.#browser = await playwright().chromium.launch({
        executablePath: findChromium(),
        headless: true,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
      const context = await editor.#browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      editor.page = await context.newPage();
      editor.page.setDefaultTimeout(patience);
      await editor.#load();
    } catch (e) {
      await editor.close();
      throw e;
    }
    return editor;
  }

  async #load() {
    await this.page.goto(this.server.url, { waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    // Keys do nothing before the editor part is there.
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
  }

  async reload() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.#load();
  }

  /** Closes browser and editor. Gives the language servers that would not end with it. */
  async close() {
    await this.#browser?.close().catch(() => {});
    return this.server.stop();
  }

  /** A picture of the window in the folder of artifacts, for people. */
  async screenshot(name) {
    mkdirSync(artifactsFolder, { recursive: true });
    const path = join(artifactsFolder, `${name.replace(/[^\w-]+/g, '-')}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  // Keys

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key.replace('Mod', control));
  }

  /** Types as a person does, key by key. */
  async type(text, { delay = 40 } = {}) {
    await this.page.keyboard.type(text, { delay });
  }

  // The palette

  /** Runs a command by its title, as the palette shows it. */
  async command(title) {
    const input = await this.#quickInput(`>${title}`);
    const row = this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .first();
    await row.waitFor();
    await row.click();
    await input.waitFor({ state: 'hidden' }).catch(() => {}); // a command may ask something in the same place
  }

  /** Whether the palette knows a command. */
  async hasCommand(title) {
    await this.#quickInput(`>${title}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    const found = await rows.filter({ has: this.page.getByText(title, { exact: true }) }).count();
    await this.press('Escape');
    return found > 0;
  }

  async #quickInput(text) {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await waitFor('the palette to open', async () => {
      await this.press('F1');
      await input.waitFor({ timeout: 3000 });
      // Something that takes the focus just now, such as a view that opens, closes the palette again.
      await input.fill(text, { timeout: 3000 });
      return true;
    });
    return input;
  }

  /** The rows of a pick list that is open, each as its text. */
  async pickList() {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent));
  }

  /** Chooses the row of an open pick list that holds a text. */
  async pick(text) {
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first().click();
  }

  // Documents

  /** Opens a file of the workspace by its path, with the cursor at a line and column from 1. */
  async openFile(path, line = 1, column = 1) {
    const input = await this.#quickInput(path);
    const name = path.split('/').at(-1);
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`).first();
    await row.waitFor();
    await input.press('Enter');
    await this.page.locator('.tab.active').filter({ hasText: name }).waitFor();
    await this.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor();
    await this.goTo(line, column);
  }

  async goTo(line, column = 1) {
    const input = await this.#quickInput(`:${line}:${column}`);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await waitFor(`the cursor at ${line}:${column}`, async () => (await this.cursor()).line === line);
  }

  /** Where the cursor is, as the status bar says. */
  async cursor() {
    const text = await this.page.locator('#status\\.editor\\.selection').textContent();
    const match = /Ln (\d+), Col (\d+)/.exec(text ?? '');
    return match ? { line: Number(match[1]), column: Number(match[2]) } : {};
  }

  async save() {
    await this.press('Mod+s');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** Undoes everything that was typed since the last save, and closes the file. */
  async revertAndClose() {
    await this.command('File: Revert File');
    await this.command('View: Close Editor').catch(() => this.press('Escape'));
  }

  /** The text of the lines on the screen, by line number. */
  async visibleLines() {
    return this.page
      .locator('.editor-instance .monaco-editor')
      .first()
      .evaluate((editor) => {
        const lines = [...editor.querySelectorAll('.view-lines > .view-line')]
          .map((line) => ({ top: parseFloat(line.style.top), text: line.textContent.replaceAll('\u00a0', ' ') }))
          .sort((a, b) => a.top - b.top);
        return lines.map((l) => l.text);
      });
  }

  // What the assistant shows

  /** The ghost text on the screen, or an empty string. */
  async ghostText() {
    const text = await this.page.evaluate(() => {
      // On the cursor's line it is cut into one span for each colour of brackets; further lines are in a zone of their own.
      const inline = [...document.querySelectorAll('.monaco-editor .view-lines [class*="ghost-text-decoration"]')]
        .map((e) => e.textContent)
        .join('');
      const below = [
        ...document.querySelectorAll(
          '.monaco-editor .view-zones .suggest-preview-text .view-line, .monaco-editor .view-zones .ghost-text .view-line',
        ),
      ];
      return [inline, ...below.map((e) => e.textContent)].join('\n').trimEnd();
    });
    return text.replaceAll('\u00a0', ' ');
  }

  /** Waits for ghost text and gives it. Asks for it by the key's command if typing alone brings none. */
  async waitForGhostText({ timeout = patience, ask = true } = {}) {
    let asked = Date.now();
    return waitFor(
      'ghost text',
      async () => {
        const text = await this.ghostText();
        if (!text && ask && Date.now() - asked > 5000) {
          asked = Date.now();
          await this.command('Trigger Inline Suggestion');
        }
        return text;
      },
      { timeout },
    );
  }

  /** The text of the hover at the cursor, once it holds what is looked for. */
  async hover(line, column, pattern = /\S/, { timeout = patience } = {}) {
    await this.goTo(line, column);
    let asked = 0;
    return waitFor(
      `a hover like ${pattern}`,
      async () => {
        const visible = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content');
        const text = (await visible.allTextContents()).join('\n').replaceAll('\u00a0', ' ');
        if (pattern.test(text)) return text;
        if (Date.now() - asked > 8000) {
          asked = Date.now();
          await this.press('Escape');
          await this.command('Show or Focus Hover');
        }
        return undefined;
      },
      { timeout, interval: 250 },
    );
  }

  /** The numbers of the lines on the screen that are marked with a hint or an information; hints are not listed in the Problems view. */
  async marks() {
    return this.page
      .locator('.editor-instance .monaco-editor')
      .first()
      .evaluate((editor) => {
        const tops = [...editor.querySelectorAll('.view-overlays > div')]
          .filter((row) => row.querySelector('.squiggly-hint, .squiggly-info'))
          .map((row) => row.style.top);
        const numbers = [...editor.querySelectorAll('.margin-view-overlays > div')];
        return tops.map((top) => Number(numbers.find((row) => row.style.top === top)?.querySelector('.line-numbers')?.textContent));
      });
  }

  /** The titles of the actions at the cursor; the menu stays open. */
  async codeActions() {
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    await waitFor('code actions', async () => {
      await this.press('Mod+.');
      await rows.first().waitFor({ timeout: 8000 });
      return true;
    });
    return rows.allTextContents();
  }

  /** Chooses an action in the open menu, with the keys: the menu lies under a layer that takes the mouse. */
  async applyCodeAction(title) {
    await waitFor(`the action ${title} to be chosen`, async () => {
      const focused = await this.page.locator('.action-widget .monaco-list-row.action.focused').textContent({ timeout: 2000 });
      if (focused.includes(title)) return true;
      await this.press('ArrowDown');
      return false;
    });
    await this.press('Enter');
    await this.page.locator('.action-widget').waitFor({ state: 'hidden' });
  }

  // The frame

  /** The texts of the status bar's items. */
  async statusBar() {
    return this.page
      .locator('.part.statusbar .statusbar-item')
      .evaluateAll((items) =>
        items.map((item) => `${item.textContent} ${item.querySelector('a')?.getAttribute('aria-label') ?? ''}`.trim()),
      );
  }

  /** Waits until an item of the status bar matches and gives its text. */
  async waitForStatus(pattern, { timeout = patience } = {}) {
    return waitFor(`a status like ${pattern}`, async () => (await this.statusBar()).find((text) => pattern.test(text)), {
      timeout,
      interval: 250,
    });
  }

  statusItem(text) {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
  }

  /** The messages that are shown, hidden ones in the notification centre included. */
  async notifications() {
    const centre = this.page.locator('.notifications-center.visible');
    if (!(await centre.isVisible())) {
      const toasts = await this.page.locator('.notifications-toasts .notification-list-item-message').allTextContents();
      if (toasts.length) return toasts;
      await this.command('Notifications: Show Notifications');
    }
    return this.page.locator('.notifications-center .notification-list-item-message').allTextContents();
  }

  /** Waits for a message and gives it. */
  async waitForNotification(pattern, { timeout = patience } = {}) {
    return waitFor(`a message like ${pattern}`, async () => (await this.notifications()).find((text) => pattern.test(text)), {
      timeout,
      interval: 500,
    });
  }

  /** Presses a button of a message. */
  async answer(button) {
    await this.page.locator('.notification-list-item-buttons-container .monaco-button').filter({ hasText: button }).first().click();
  }

  /** The buttons of a modal dialog or of a message, pressed by their text. */
  async confirm(button) {
    await this.page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: button }).first().click();
  }

  async clearNotifications() {
    await this.command('Notifications: Clear All Notifications');
  }

  /** The document inside a webview whose text matches, in the side bar or in an editor. */
  async webview(pattern = /\S/, { timeout = patience } = {}) {
    return waitFor(
      `a webview like ${pattern}`,
      async () => {
        for (const frame of this.page.frames()) {
          const name = await frame.evaluate(() => [window.parent !== window, document.body?.innerText ?? '']).catch(() => [false, '']);
          if (frame !== this.page.mainFrame() && name[0] && frame.parentFrame() !== this.page.mainFrame() && pattern.test(name[1]))
            return frame;
        }
        return undefined;
      },
      { timeout, interval: 250 },
    );
  }

  async theme(name) {
    this.server.writeSettings({ 'workbench.colorTheme': name });
    const kind = /High Contrast Light/.test(name)
      ? 'hc-light'
      : /High Contrast/.test(name)
        ? 'hc-black'
        : /Light/.test(name)
          ? 'vs'
          : 'vs-dark';
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
    await pause(300); // webviews are told a moment later
  }
}
