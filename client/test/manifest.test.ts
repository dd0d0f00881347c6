// package.json against the source and the protocol: what one of them names, the others must know.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { languages } from '../src/infrastructure/languages';
import { Notifications, Requests } from '../src/infrastructure/protocol';
import { readSettings } from '../src/infrastructure/settings';

interface Manifest {
  main: string;
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    keybindings: { command: string; key: string; mac: string; when?: string }[];
    menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    configuration: { properties: Record<string, Setting> };
    walkthroughs: { steps: { id: string; description: string; media: { markdown?: string; svg?: string; altText?: string } }[] }[];
  };
}
interface Setting {
  type: string;
  default: unknown;
  scope: string;
  markdownDescription: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
}

const root = process.cwd();
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command);
const protocol = read('docs/protocol.md');
const source = readdirSync(path.join(root, 'client/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read(path.join('client/src', file)))
  .join('\n');

test('every command is registered, and every registered command is contributed', () => {
  const registered = [...source.matchAll(/registerCommand\(session, '([^']+)'/g)].map(([, id]) => id);
  assert.deepEqual([...registered].sort(), [...commands].sort());
});

test('commands that the client calls exist', () => {
  const called = [...source.matchAll(/(?:executeCommand\(|command: )'(codetuner\.[a-zA-Z]+)'/g)].map(([, id]) => id ?? '');
  assert.ok(called.length > 10);
  for (const id of called) assert.ok(commands.includes(id), id);
});

test('menus, keys and walkthroughs name commands that exist', () => {
  const named = [
    ...Object.values(contributes.menus)
      .flat()
      .map((item) => item.command),
    ...contributes.keybindings.map((item) => item.command),
    ...contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap((step) => [...step.description.matchAll(/command:(codetuner\.\w+)/g)].map(([, id]) => id)),
    ),
  ];
  for (const id of named) assert.ok(id === undefined || commands.includes(id), id);
});

test('no key that is pressed alone is taken', () => {
  for (const { key, mac } of contributes.keybindings) for (const chord of [key, mac]) assert.match(chord, /^(ctrl|cmd)\+k \w/);
});

test('commands have one category and a title of their own', () => {
  assert.ok(contributes.commands.every(({ category }) => category === 'CodeTuner'));
  assert.equal(new Set(contributes.commands.map(({ title }) => title)).size, commands.length);
});

const properties = Object.entries(contributes.configuration.properties);

test('the settings are those of the protocol, and the path of the server', () => {
  const table = protocol.slice(protocol.indexOf('## Settings'), protocol.indexOf('## Requests'));
  const documented = [...table.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, name]) => `codetuner.${name}`);
  assert.deepEqual(properties.map(([name]) => name).sort(), [...documented, 'codetuner.server.path'].sort());
});

for (const [name, setting] of properties) {
  const key = name.replace('codetuner.', '');
  const problems = (value: unknown): string[] => readSettings((asked) => (asked === key ? value : undefined)).problems;
  test(`${name} is described, scoped, and its default and bounds are those of the code`, () => {
    assert.ok(setting.markdownDescription.length > 10);
    assert.ok(['resource', 'window', 'machine-overridable'].includes(setting.scope));
    const defaults = readSettings(() => undefined).settings as unknown as Record<string, unknown>;
    const value = key.split('.').reduce<unknown>((group, part) => (group as Record<string, unknown>)[part], defaults);
    assert.deepEqual(setting.default, value);
    assert.deepEqual(problems(setting.default), []);
    for (const bound of [setting.minimum, setting.maximum]) assert.deepEqual(bound === undefined ? [] : problems(bound), []);
    if (setting.minimum !== undefined) assert.equal(problems(setting.minimum - 1).length, 1);
    if (setting.maximum !== undefined) assert.equal(problems(setting.maximum + 1).length, 1);
    for (const choice of setting.enum ?? []) assert.deepEqual(problems(choice), []);
  });
}

test('an untrusted workspace can not choose what is run', () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, 'limited');
  assert.deepEqual(restrictedConfigurations, ['codetuner.server.path', 'codetuner.model', 'codetuner.gpu.libraries']);
});

test('the extension wakes for each language that the server sees', () => {
  const woken = manifest.activationEvents
    .filter((event) => event.startsWith('onLanguage:'))
    .map((event) => event.slice('onLanguage:'.length));
  assert.deepEqual(woken, languages);
  const clause = /editorLangId =~ \/\^\(([^)]*)\)\$\//;
  for (const { enablement } of contributes.commands) {
    const found = clause.exec(enablement ?? '')?.[1];
    if (found !== undefined) assert.deepEqual(found.split('|'), languages);
  }
});

test('each step of the walkthrough has a picture with words, or a page', () => {
  for (const { steps } of contributes.walkthroughs) {
    for (const { media } of steps) {
      assert.ok(existsSync(path.join(root, media.markdown ?? media.svg ?? '')));
      assert.ok(media.markdown !== undefined || (media.altText ?? '').length > 10);
    }
  }
});

test('the methods of the client are those of the protocol', () => {
  const table = protocol.slice(protocol.indexOf('## Requests'));
  const documented = [...table.matchAll(/^\| `(codetuner\/\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual([...Object.values(Requests), ...Object.values(Notifications)].sort(), documented.sort());
});

test('the lock files name no host of a registry', () => {
  for (const file of ['package-lock.json', 'natives/cuda/package-lock.json']) assert.ok(!read(file).includes('"resolved"'), file);
});
