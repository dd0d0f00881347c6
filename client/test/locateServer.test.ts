import assert from 'node:assert/strict';
import * as path from 'node:path';
import { test } from 'node:test';
import { ServerNotFoundError, locateServer, type ServerPlaces } from '../src/infrastructure/server/locateServer';

const extension = '/ext';
const bundled = path.join(extension, 'server/codetuner-server');
const portable = path.join(extension, 'server/codetuner-server.dll');
const built = path.join(extension, 'server/CodeTuner.LanguageServer/bin/Release/net10.0/codetuner-server.dll');

function locate(files: string[], places: Partial<ServerPlaces> = {}): string {
  const found = locateServer({
    setting: '',
    environment: undefined,
    extensionFolder: extension,
    platform: 'linux',
    isFile: (file) => files.includes(file),
    homeFolder: '/home/ann',
    ...places,
  });
  return `${found.foundBy}: ${[found.command, ...found.args].join(' ')}`;
}

const cases: [string, string[], Partial<ServerPlaces>, string][] = [
  ['the setting wins', ['/s/server', '/e/server', bundled], { setting: '/s/server', environment: '/e/server' }, 'setting: /s/server'],
  ['a .dll is run by dotnet', ['/s/a.dll'], { setting: '/s/a.dll' }, 'setting: dotnet /s/a.dll'],
  ['spaces around the setting', ['/s/server'], { setting: ' /s/server ' }, 'setting: /s/server'],
  ['a blank setting is none', [bundled], { setting: '  ' }, `bundled: ${bundled}`],
  ['home', ['/home/ann/server'], { setting: '~/server' }, 'setting: /home/ann/server'],
  ['the environment before the bundled', ['/e/server', bundled], { environment: '/e/server' }, 'environment: /e/server'],
  ['an empty variable is none', [bundled], { environment: '' }, `bundled: ${bundled}`],
  ['the bundled before a build', [bundled, built], {}, `bundled: ${bundled}`],
  ['Windows', [`${bundled}.exe`], { platform: 'win32' }, `bundled: ${bundled}.exe`],
  ['without a runtime', [portable], {}, `bundled: dotnet ${portable}`],
  ['a build of the checkout', [built], {}, `checkout: dotnet ${built}`],
];
for (const [name, files, places, expected] of cases) {
  test(`locates the server: ${name}`, () => assert.equal(locate(files, places), expected));
}

const failures: [string, Partial<ServerPlaces>, RegExp][] = [
  ['a setting that names nothing does not fall back', { setting: '/gone' }, /"\/gone".*codetuner\.server\.path/],
  ['nor does the variable', { environment: '/gone' }, /"\/gone".*CODETUNER_SERVER/],
  ['nothing at all', { extensionFolder: '/elsewhere' }, /without its server/],
];
for (const [name, places, message] of failures) {
  test(`says what to do: ${name}`, () => {
    assert.throws(
      () => locate([bundled], places),
      (error) => error instanceof ServerNotFoundError && message.test(error.message),
    );
  });
}
