namespace CodeTuner.Workspace.Languages;

/// <summary>A programming language that CodeTuner reads, as named by the VS Code language identifiers.</summary>
public enum Language
{
    /// <summary>Not a language that CodeTuner reads.</summary>
    Unknown,

    /// <summary>C# (<c>csharp</c>).</summary>
    CSharp,

    /// <summary>TypeScript, with or without JSX (<c>typescript</c>, <c>typescriptreact</c>).</summary>
    TypeScript,

    /// <summary>JavaScript, with or without JSX (<c>javascript</c>, <c>javascriptreact</c>).</summary>
    JavaScript,

    /// <summary>Python (<c>python</c>).</summary>
    Python,

    /// <summary>Java (<c>java</c>).</summary>
    Java,

    /// <summary>Go (<c>go</c>).</summary>
    Go,

    /// <summary>Rust (<c>rust</c>).</summary>
    Rust,

    /// <summary>C (<c>c</c>).</summary>
    C,

    /// <summary>C++ (<c>cpp</c>).</summary>
    Cpp,
}
