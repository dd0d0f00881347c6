using CodeTuner.Assist.Context;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Tests.Context;

public class ImportReaderTests
{
    [Theory]
    [InlineData(Language.CSharp, "using System.Text;\r\nglobal using static Shop.Prices;\r\nusing J = Json.Net;\r\nnamespace A.B;\r\n", "System.Text: | Shop.Prices: | Json.Net: | A.B: | A:")]
    [InlineData(Language.CSharp, "using (var x = y) { }\nusing var z = f();", "")]
    [InlineData(Language.TypeScript, "import { a, b as c, type D } from './x';\nimport E, { f } from \"../y\";\nimport * as ns from '@/z'\nimport './side';", "./x:a,b,c,D | ../y:E,f | @/z:")]
    [InlineData(Language.TypeScript, "import {\n  a,\n  b,\n} from './x'\nexport { c } from './c'", "./x:a,b | ./c:c")]
    [InlineData(Language.JavaScript, "const { a, b } = require('./x');\nconst y = require(\"y\")", "./x:a,b | y:y")]
    [InlineData(Language.Python, "from .a.b import c, d as e\nfrom x import (\n    f,  # why\n    g,\n)\nimport p.q as r, s\nfrom . import *\n", ".a.b:c,d,e | x:f,g | .: | p.q: | s:")]
    [InlineData(Language.Java, "import a.b.C;\nimport static d.E.f;\nimport g.h.*;\n", "a.b.C:C | d.E.f:f | g.h:")]
    [InlineData(Language.Go, "import \"fmt\"\nimport (\n\t\"os\"\n\tj \"example.com/x/json\"\n)\n", "fmt: | os: | example.com/x/json:")]
    [InlineData(Language.Rust, "use crate::a::{B, c as d};\nuse std::io;\npub use x::*;\n", "crate::a:B,c,d | std:io | x:")]
    [InlineData(Language.C, "#include <stdio.h>\n#include \"a/b.h\"\n", "a/b.h:")]
    [InlineData(Language.Unknown, "import x from 'y'", "")]
    public void Reads_what_a_file_imports(Language language, string text, string expected) =>
        Assert.Equal(expected, string.Join(" | ", ImportReader.Read(language, text).Select(m => $"{m.Specifier}:{string.Join(',', m.Names)}")));

    [Theory]
    [InlineData(Language.TypeScript, "src/a/x.ts", "./y", "src/a/y.ts", true)]
    [InlineData(Language.TypeScript, "src/a/x.ts", "../b", "src/b/index.tsx", true)]
    [InlineData(Language.TypeScript, "src/a/x.ts", "./y.js", "src/a/y.ts", true)]
    [InlineData(Language.TypeScript, "src/a/x.ts", "./y", "src/b/y.ts", false)]
    [InlineData(Language.TypeScript, "src/a/x.ts", "@/lib/y", "src/lib/y.d.ts", true)]
    [InlineData(Language.Python, "pkg/a/x.py", ".y", "pkg/a/y.py", true)]
    [InlineData(Language.Python, "pkg/a/x.py", "..b.y", "pkg/b/y.py", true)]
    [InlineData(Language.Python, "pkg/a/x.py", "..b", "pkg/b/__init__.py", true)]
    [InlineData(Language.Python, "pkg/a/x.py", "pkg.b", "src/pkg/b.py", true)]
    [InlineData(Language.Python, "pkg/a/x.py", ".y", "pkg/b/y.py", false)]
    [InlineData(Language.Java, "X.java", "a.b.C", "src/main/java/a/b/C.java", true)]
    [InlineData(Language.Java, "X.java", "a.b", "src/a/b/D.java", true)]
    [InlineData(Language.Java, "X.java", "a.b.C", "src/a/c/C.java", false)]
    [InlineData(Language.Go, "main.go", "example.com/app/internal/store", "internal/store/store.go", true)]
    [InlineData(Language.Go, "main.go", "example.com/app/internal/store", "internal/other/store.go", false)]
    [InlineData(Language.Rust, "src/main.rs", "crate::net::tcp", "src/net/tcp.rs", true)]
    [InlineData(Language.Rust, "src/main.rs", "crate::net", "src/net/mod.rs", true)]
    [InlineData(Language.C, "src/a.c", "lib/list.h", "src/lib/list.c", true)]
    [InlineData(Language.C, "src/a.c", "list.h", "src/mylist.h", false)]
    public void Knows_a_module_by_its_path(Language language, string from, string specifier, string candidate, bool expected) =>
        Assert.Equal(expected, ModulePath.Names(language, from, specifier, candidate, []));
}
