-- Runs CodeTuner's language server from Neovim's own LSP client (0.7 or newer): an editor that shares no code with the extension.
-- Prints a line a check, "ok NAME" or "not ok NAME: WHY". Neovim 0.7 knows nothing of inline completion, so it is sent as a plain request.
--
--   nvim --headless --clean -n -c "luafile language-server.lua"
-- with SERVER (a .dll or a program), WORKSPACE and FILE (relative to it) in the environment.
local server, workspace, file = vim.env.SERVER, vim.env.WORKSPACE, vim.env.FILE
local patience = tonumber(vim.env.PATIENCE or '60000')
local failed = false

local function say(line)
  io.stdout:write(line:gsub('[\r\n]+', ' ') .. '\n')
  io.stdout:flush()
end

local function check(name, run)
  local ok, why = pcall(run)
  failed = failed or not ok
  say(ok and ('ok ' .. name) or ('not ok ' .. name .. ': ' .. tostring(why)))
  return ok
end

local client
local exit_code
local settings = { codetuner = { completion = { debounce = 0 } } }

local function request(method, params)
  local answer, why = client.request_sync(method, params, patience, 0)
  assert(answer, method .. ' was not answered: ' .. tostring(why))
  assert(not answer.err, method .. ' failed: ' .. vim.inspect(answer.err))
  return answer.result
end

-- The 0-based line that holds a text, and the column of its first byte.
local function find(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(text, 1, true)
    if column then
      return number - 1, column - 1
    end
  end
  error('the file does not hold ' .. text)
end

local function place(line, character)
  return { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = line, character = character } }
end

local function complete(line, character)
  local params = place(line, character)
  params.context = { triggerKind = 1 }
  local result = request('textDocument/inlineCompletion', params)
  assert(type(result) == 'table', 'no list came: ' .. vim.inspect(result))
  return result.items or result
end

-- Neovim holds changes back for a moment; a request that overtakes them is refused, as its answer would be for other text.
local function settle()
  vim.wait(500, function()
    return false
  end)
end

-- A status of the server, polled until the model serves.
local function folder_status()
  local result = request('codetuner/status', vim.empty_dict())
  assert(type(result.folders) == 'table' and #result.folders == 1, 'not one folder: ' .. vim.inspect(result))
  return result.folders[1]
end

local function run()
  vim.cmd('edit ' .. vim.fn.fnameescape(workspace .. '/' .. file))

  local started = check('the server starts and announces what it does', function()
    local id = vim.lsp.start_client({
      name = 'codetuner',
      cmd = server:match('%.dll$') and { 'dotnet', server, '--stdio' } or { server, '--stdio' },
      root_dir = workspace,
      workspace_folders = { { uri = vim.uri_from_fname(workspace), name = 'workspace' } },
      init_options = { trusted = true, stateFolder = vim.env.STATE },
      settings = settings,
      on_exit = function(code)
        exit_code = code
      end,
    })
    client = vim.lsp.get_client_by_id(assert(id, 'the server did not start'))
    assert(vim.wait(patience, function()
      return client.initialized or exit_code ~= nil
    end, 50), 'initialize was not answered')
    assert(exit_code == nil, 'the server ended with ' .. tostring(exit_code))
    local can = client.server_capabilities
    assert(can.hoverProvider, 'no hover announced')
    assert(can.inlineCompletionProvider, 'no inline completion announced')
    assert(vim.lsp.buf_attach_client(0, id), 'the buffer was not attached')
  end)
  if not started then
    return
  end

  check('the model is loaded', function()
    local status
    assert(vim.wait(patience, function()
      status = folder_status()
      return status.serving ~= 'loading'
    end, 200), 'still loading')
    assert(status.serving == 'base', 'serving ' .. status.serving .. ' ' .. tostring(status.error))
  end)

  check('a completion comes for what was typed, and fits its place', function()
    local line = find('sum += values[i]')
    -- Typed, so that the server must have followed the change.
    vim.api.nvim_buf_set_lines(0, line + 1, line + 1, false, { '            count' })
    settle()
    local text = vim.api.nvim_buf_get_lines(0, line + 1, line + 2, false)[1]
    local items = complete(line + 1, #text)
    assert(#items > 0, 'no completion')
    local item = items[1]
    assert(type(item.insertText) == 'string' and #item.insertText > 0, 'empty: ' .. vim.inspect(item))
    assert(item.command and item.command.command == 'codetuner.completionAccepted', 'no command to count it: ' .. vim.inspect(item))
    if item.range then
      assert(item.range.start.line == line + 1, 'another line: ' .. vim.inspect(item.range))
    end
    -- What an editor does when it is accepted.
    request('workspace/executeCommand', { command = item.command.command, arguments = item.command.arguments })
  end)

  check('a completion follows a second change, after letters outside the basic plane', function()
    local line = find('sum += values[i]')
    vim.api.nvim_buf_set_lines(0, line + 1, line + 2, false, { '            text = "\240\159\152\128\195\164"; sum' })
    local text = vim.api.nvim_buf_get_lines(0, line + 1, line + 2, false)[1]
    local character = client.offset_encoding == 'utf-8' and #text or vim.str_utfindex(text, #text)
    if client.offset_encoding ~= 'utf-8' then
      local _, units = vim.str_utfindex(text, #text)
      character = units
    end
    settle()
    complete(line + 1, character) -- an error of the position would fail it
    vim.api.nvim_buf_set_lines(0, line + 1, line + 2, false, {})
  end)

  -- The model is silent where it is not sure of what to say; of these functions it is of at least one.
  local hovered
  check('a hover comes, marked as generated', function()
    local result
    for name in vim.env.HOVERED:gmatch('[^ ]+') do
      vim.cmd('edit! ' .. vim.fn.fnameescape(workspace .. '/' .. name))
      assert(vim.lsp.buf_attach_client(0, client.id), 'the buffer was not attached')
      settle()
      local line, column = find('def ')
      for _ = 1, 4 do -- the first answer may come later than a hover waits
        result = request('textDocument/hover', place(line, column + 5))
        if type(result) == 'table' then
          break
        end
      end
      if type(result) == 'table' then
        hovered = { line + 1, column + 5 }
        break
      end
    end
    assert(type(result) == 'table' and result.contents, 'no hover: ' .. vim.inspect(result))
    local text = result.contents.value or result.contents
    assert(type(text) == 'string' and #text > 0, 'empty')
    assert(text:lower():find('generated', 1, true), 'not marked as generated: ' .. text)
  end)

  check("Neovim's own hover window shows it", function()
    assert(hovered, 'there is nothing to hover over')
    vim.api.nvim_win_set_cursor(0, hovered)
    local before = #vim.api.nvim_list_wins()
    vim.lsp.buf.hover()
    assert(vim.wait(patience, function()
      return #vim.api.nvim_list_wins() > before
    end, 50), 'no window came')
  end)

  check('the server ends in order', function()
    client.stop()
    assert(vim.wait(15000, function()
      return exit_code ~= nil
    end, 50), 'it did not end')
    assert(exit_code == 0, 'it ended with ' .. tostring(exit_code))
  end)
end

local ok, why = pcall(run)
if not ok then
  failed = true
  say('not ok the script: ' .. tostring(why))
end
vim.cmd(failed and 'cquit! 1' or 'qall!')
