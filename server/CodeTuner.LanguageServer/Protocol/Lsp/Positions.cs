using System.Text.Json.Serialization;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>A place between two characters.</summary>
/// <param name="Line">Zero-based.</param>
/// <param name="Character">Zero-based, in the units of the negotiated <see cref="PositionEncodingKind"/>.</param>
[method: JsonConstructor]
internal readonly record struct Position(uint Line, uint Character);

/// <summary>From <paramref name="Start"/> to <paramref name="End"/>, the end excluded.</summary>
[method: JsonConstructor]
internal readonly record struct Range(Position Start, Position End);

/// <summary>How the character of a <see cref="Position"/> is counted.</summary>
internal static class PositionEncodingKind
{
    /// <summary>In bytes of UTF-8.</summary>
    public const string UTF8 = "utf-8";

    /// <summary>In UTF-16 units; every client knows it.</summary>
    public const string UTF16 = "utf-16";
}
