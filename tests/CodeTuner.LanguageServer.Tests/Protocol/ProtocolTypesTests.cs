using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>The server's LSP types and methods against the declarations of the package that the extension speaks LSP with.</summary>
public class ProtocolTypesTests
{
    // A client of few words; one that lets everything be registered later; one that knows everything and registers nothing.
    private static readonly string[] ClientCapabilities =
    [
        "{}",
        Everything.Replace("DYNAMIC", "true", StringComparison.Ordinal),
        Everything.Replace("DYNAMIC", "false", StringComparison.Ordinal),
    ];

    private const string Everything =
        """
        {
          "general": { "positionEncodings": ["utf-8", "utf-16"] },
          "window": { "workDoneProgress": true, "showMessage": {} },
          "workspace": {
            "applyEdit": true, "workspaceFolders": true, "configuration": true, "diagnostics": { "refreshSupport": true },
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename", "delete"] },
            "didChangeConfiguration": { "dynamicRegistration": DYNAMIC },
            "didChangeWatchedFiles": { "dynamicRegistration": DYNAMIC },
            "executeCommand": { "dynamicRegistration": DYNAMIC }
          },
          "textDocument": {
            "hover": { "dynamicRegistration": DYNAMIC, "contentFormat": ["markdown", "plaintext"] },
            "codeAction": {
              "dynamicRegistration": DYNAMIC, "isPreferredSupport": true, "disabledSupport": true, "dataSupport": true,
              "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "refactor.rewrite"] } },
              "resolveSupport": { "properties": ["edit"] }, "tagSupport": { "valueSet": [1] }
            },
            "diagnostic": { "dynamicRegistration": DYNAMIC, "relatedDocumentSupport": true, "dataSupport": true },
            "inlineCompletion": { "dynamicRegistration": DYNAMIC }
          }
        }
        """;

    [NodeModulesFact]
    public void TypesAndMethodsAreAsLspDeclaresThem()
    {
        ProtocolChecker checker = CheckAll();
        Assert.True(checker.Slips.Count == 0, string.Join('\n', checker.Slips));
    }

    [NodeModulesFact]
    public void NoTypeIsLeftUnchecked()
    {
        IReadOnlySet<Type> seen = CheckAll().Types;
        Assert.Equal([], ProtocolTypes().Where(t => !seen.Contains(t)).Select(t => t.Name));
    }

    [NodeModulesFact]
    public async Task InitializeAnswersWithCapabilitiesThatLspHas()
    {
        foreach (string capabilities in ClientCapabilities)
        {
            await using TestClient client = TestClient.Start();
            JsonElement result = await client.InitializeAsync(capabilities);
            var checker = new JsonChecker(ProtocolDescription.OfPackage);
            checker.Check("InitializeResult", result);
            Assert.True(checker.Slips.Count == 0, string.Join('\n', checker.Slips));
            Assert.NotEmpty(result.GetProperty("capabilities").EnumerateObject());
        }
    }

    private static ProtocolChecker CheckAll()
    {
        var checker = new ProtocolChecker(ProtocolDescription.OfPackage, LspJsonContext.Default.Options);
        // What the client has resolved is a code action that this server made.
        checker.CheckMethods(typeof(ServerMethods), "clientToServer", returning: ServerMethods.CodeActionResolve.Name);
        checker.CheckMethods(typeof(ClientMethods), "serverToClient");
        // No method leads to them: they go as JSON, in Registration.registerOptions.
        foreach (Type type in ProtocolTypes().Where(t => t.Name.EndsWith("RegistrationOptions", StringComparison.Ordinal)))
            checker.Check(type, Way.Sent);
        foreach (Type type in ProtocolTypes().Where(IsStatic))
            checker.CheckConstants(type);
        return checker;
    }

    private static IEnumerable<Type> ProtocolTypes() => typeof(ServerMethods).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(ServerMethods).Namespace && !t.IsNested && !t.IsInterface)
        .Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute)) && t != typeof(ServerMethods) && t != typeof(ClientMethods))
        .Where(t => !t.IsAssignableTo(typeof(JsonSerializerContext)) && !t.IsAssignableTo(typeof(JsonConverter)));

    private static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true };
}
