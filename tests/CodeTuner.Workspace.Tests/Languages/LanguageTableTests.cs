using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Tests.Languages;

public class LanguageTableTests
{
    [Theory]
    [InlineData("src/Program.cs", Language.CSharp)]
    [InlineData("PROGRAM.CS", Language.CSharp)]
    [InlineData("a.tsx", Language.TypeScript)]
    [InlineData("types.d.ts", Language.TypeScript)]
    [InlineData("a.mjs", Language.JavaScript)]
    [InlineData("a.pyi", Language.Python)]
    [InlineData("build/SConstruct", Language.Python)]
    [InlineData("a.java", Language.Java)]
    [InlineData("a.go", Language.Go)]
    [InlineData(@"src\lib.rs", Language.Rust)]
    [InlineData("a.c", Language.C)]
    [InlineData("a.h", Language.C)]
    [InlineData("a.hpp", Language.Cpp)]
    [InlineData("a.c++", Language.Cpp)]
    [InlineData("README.md", Language.Unknown)]
    [InlineData("cs", Language.Unknown)]
    [InlineData(".cs/readme", Language.Unknown)]
    [InlineData("", Language.Unknown)]
    public void NamesTellTheLanguage(string path, Language expected) => Assert.Equal(expected, LanguageTable.Of(path));

    [Theory]
    [InlineData("tool", "#!/usr/bin/env python3\nprint()", Language.Python)]
    [InlineData("tool", "#!/usr/bin/python3.12 -u", Language.Python)]
    [InlineData("tool", "#! /usr/bin/env -S LANG=C node --harmony\r\n", Language.JavaScript)]
    [InlineData("tool", "#!/usr/local/bin/deno run", Language.TypeScript)]
    [InlineData("tool", "#!/bin/sh", Language.Unknown)]
    [InlineData("tool", "#!", Language.Unknown)]
    [InlineData("tool", "#!/usr/bin/env", Language.Unknown)]
    [InlineData("tool", "print('#!/usr/bin/python')", Language.Unknown)]
    [InlineData("tool.sh", "#!/usr/bin/env python3", Language.Unknown)]
    [InlineData("tool.js", "#!/usr/bin/env python3", Language.JavaScript)]
    [InlineData("a.h", "#include <stdio.h>\nint f(void);\n", Language.C)]
    [InlineData("a.h", "struct s { int class_id; };\n// a class of its own\n", Language.C)]
    [InlineData("a.h", "#pragma once\n#include <vector>\n", Language.Cpp)]
    [InlineData("a.h", "namespace x {\nint f();\n}\n", Language.Cpp)]
    [InlineData("a.h", "  template <typename T>\nT f(T);\n", Language.Cpp)]
    [InlineData("a.c", "namespace x {}", Language.C)]
    public void TextTellsTheLanguageWhereTheNameDoesNot(string path, string text, Language expected) =>
        Assert.Equal(expected, LanguageTable.Of(path, text));

    [Fact]
    public void EveryLanguageHasItsRow()
    {
        foreach (Language language in Enum.GetValues<Language>().Where(l => l != Language.Unknown))
        {
            LanguageInfo info = language.Info();
            Assert.Equal(language, LanguageTable.FromIdentifier(info.Identifier));
            Assert.Equal(info.Identifier, language.Identifier());
            Assert.All(info.Extensions, e => Assert.Equal(language == Language.C || e != ".h" ? language : Language.C, LanguageTable.Of("x" + e)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Language.Unknown.Info());
        // An extension belongs to one language.
        string[] extensions = [.. LanguageTable.All.SelectMany(l => l.Extensions)];
        Assert.Equal(extensions.Length, extensions.Distinct().Count());
    }

    [Theory]
    [InlineData("a.tsx", "typescriptreact")]
    [InlineData("a.ts", "typescript")]
    [InlineData("a.jsx", "javascriptreact")]
    [InlineData("a.rs", "rust")]
    [InlineData("a.cc", "cpp")]
    [InlineData("a.cs", "csharp")]
    [InlineData("a.md", "plaintext")]
    public void IdentifiersAreThoseOfTheEditor(string path, string expected)
    {
        Assert.Equal(expected, LanguageTable.IdentifierOf(path, LanguageTable.Of(path)));
        Assert.Equal(LanguageTable.Of(path), LanguageTable.FromIdentifier(expected));
    }

    [Fact]
    public void CommentStylesAreTheLanguages()
    {
        Assert.Equal("#", Language.Python.Info().Comments.Line);
        Assert.Null(Language.Python.Info().Comments.BlockOpen);
        Assert.Equal(DocCommentPlacement.InsideBody, Language.Python.Info().Comments.Doc.Placement);
        Assert.Equal("/// ", Language.CSharp.Info().Comments.Doc.LinePrefix);
        Assert.Equal("/**", Language.Java.Info().Comments.Doc.Open);
        Assert.Equal("// ", Language.Go.Info().Comments.Doc.LinePrefix);
    }
}
