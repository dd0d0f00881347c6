// A server that speaks just enough of the protocol for the client's tests. FAKE_SERVER says how it behaves:
//   well (default)   answers, and ends in order
//   silent           reads, and never answers
//   crash:MS         answers, and ends with code 7 after so many milliseconds
//   refuse           says why on standard error, and ends at once
//   deaf             answers until "fake/hang" comes, then never again
const behaviour = process.env.FAKE_SERVER ?? 'well';
if (behaviour === 'refuse') {
  process.stderr.write('The fake server refuses to start.\n');
  process.exit(3);
}
if (behaviour.startsWith('crash:')) setTimeout(() => process.exit(7), Number(behaviour.slice('crash:'.length)));

let silent = behaviour === 'silent';
let input = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  input = Buffer.concat([input, chunk]);
  for (let message = take(); message; message = take()) hear(message);
});
process.stdin.on('end', () => process.exit(1));

function take() {
  const end = input.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = Number(/Content-Length: (\d+)/i.exec(input.toString('latin1', 0, end))[1]);
  if (input.length < end + 4 + length) return undefined;
  const body = input.toString('utf8', end + 4, end + 4 + length);
  input = input.subarray(end + 4 + length);
  return JSON.parse(body);
}

function hear({ id, method }) {
  if (method === 'exit' && !silent) process.exit(0);
  if (method === 'fake/hang') silent = true;
  if (silent || id === undefined) return;
  if (method === 'initialize') return answer(id, { capabilities: {} });
  if (method === 'shutdown') return answer(id, null);
  if (method === 'codetuner/status') return answer(id, { folders: [] });
  if (method === 'fake/arguments') return answer(id, process.argv.slice(2));
  send({ id, error: { code: -32601, message: `There is no ${method} here.` } });
}

function answer(id, result) {
  send({ id, result });
}

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  process.stdout.write(body);
}
