using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Tests.Outline;

public class OutlineParserTests
{
    [Theory]
    [InlineData(Language.CSharp, "type Cart{Twice Checked Add{Local} Dispose + type Color}")]
    [InlineData(Language.TypeScript, "greet add typed type Service{handler constructor size of load draw} type Shape{area} type Point{distance} type Color deep view")]
    [InlineData(Language.JavaScript, "read write get double triple start stop type Queue{items 'quoted' push} default")]
    [InlineData(Language.Python, "fetch type Stack{top push type Inner{deep{deeper}}} last")]
    [InlineData(Language.Java,
        "type Cart{Cart add{run} size type Color{label Color} type Point{Point sum} type Note{value}} type Named{label one}")]
    [InlineData(Language.Go, "type Stack type Reader{Read Close} type point Push Map main external")]
    [InlineData(Language.Rust, "type Stack type Unit type Pair type Stack{fmt} type Shape{area twice} run deep type Kind")]
    [InlineData(Language.C, "add type point_t type color print_all wide make")]
    [InlineData(Language.Cpp, "type Cart{Cart ~Cart add operator== size} type Color add{type Local{y}} ~Cart TEST exported type Value")]
    public void Names(Language language, string expected) =>
        Assert.Equal(expected, OutlineText.Names(OutlineParser.Parse(language, Samples.Of(language))));

    [Theory]
    [InlineData(Language.CSharp, "Cart", "/// <summary>A cart.</summary>")]
    [InlineData(Language.CSharp, "Dispose", "/** Frees. */")]
    [InlineData(Language.CSharp, "Twice", null)]
    [InlineData(Language.TypeScript, "greet", "/** Greets. */")]
    [InlineData(Language.TypeScript, "size", "/** Size. */")]
    [InlineData(Language.TypeScript, "typed", null)]
    [InlineData(Language.JavaScript, "read", "/** Reads. */")]
    [InlineData(Language.Python, "fetch", "\"\"\"Fetches.\"\"\"")]
    [InlineData(Language.Python, "Stack", "'''A stack.'''")]
    [InlineData(Language.Python, "top", null)]
    [InlineData(Language.Java, "Cart", "/** A cart. */")]
    [InlineData(Language.Java, "size", null)]
    [InlineData(Language.Go, "Stack", "// Stack is a stack.\n// It grows.")]
    [InlineData(Language.Go, "Read", "// Read reads.")]
    [InlineData(Language.Go, "Push", "// Push adds.\n//")]
    [InlineData(Language.Go, "main", "/* Main. */")]
    [InlineData(Language.Rust, "Stack", "/// A stack.")]
    [InlineData(Language.Rust, "run", "/** Runs. */")]
    [InlineData(Language.Rust, "fmt", "/// Shows.\n    /// Twice.")]
    [InlineData(Language.Rust, "deep", null)]
    [InlineData(Language.C, "add", "/* Adds. */")]
    [InlineData(Language.C, "point_t", "// A point.")]
    [InlineData(Language.C, "wide", null)]
    [InlineData(Language.Cpp, "Cart", "/// A cart.")]
    [InlineData(Language.Cpp, "add", "/// Adds.")]
    public void DocComments(Language language, string name, string? expected)
    {
        var text = Samples.Of(language);
        var doc = Find(language, text, name).DocComment;
        Assert.Equal(expected, doc is { } d ? text[d.Start..d.End] : null);
    }

    [Theory]
    [InlineData(Language.CSharp, "Twice", "Size * 2")]
    [InlineData(Language.CSharp, "Local", "x + 1")]
    [InlineData(Language.CSharp, "+", " a.Add(b); return a; ")]
    [InlineData(Language.TypeScript, "add", "a + b")]
    [InlineData(Language.TypeScript, "handler", " this.handle(event); ")]
    [InlineData(Language.TypeScript, "load", null)]
    [InlineData(Language.JavaScript, "double", "x * 2")]
    [InlineData(Language.JavaScript, "triple", "x * 3")]
    [InlineData(Language.JavaScript, "stop", " return 2; ")]
    [InlineData(Language.Python, "push", "self.append(item)")]
    [InlineData(Language.Python, "top", "# Why this.\n        return self[-1]")]
    [InlineData(Language.Python, "deep", "def deeper():\n                return 1\n            return deeper")]
    [InlineData(Language.Java, "run", " go(); ")]
    [InlineData(Language.Java, "Point", "\n        Point { check(x); }\n        int sum() { return x + y; }\n    ")]
    [InlineData(Language.Go, "main", " fmt.Println(\"}\") ")]
    [InlineData(Language.Go, "external", null)]
    [InlineData(Language.Rust, "twice", " self.area() * 2.0 ")]
    [InlineData(Language.Rust, "Unit", null)]
    [InlineData(Language.C, "add", "\n    return a + b;\n")]
    [InlineData(Language.Cpp, "Cart", " init(); ", 1)]
    [InlineData(Language.Cpp, "~Cart", null)]
    public void Bodies(Language language, string name, string? expected, int which = 0)
    {
        var text = Samples.Of(language);
        var body = Find(language, text, name, which).Body;
        Assert.Equal(expected, body is { } b ? text[b.Start..b.End] : null);
    }

    [Theory]
    [InlineData(Language.TypeScript, "Service", "@Injectable({ providedIn: 'root' })\nexport class Service", "}")]
    [InlineData(Language.TypeScript, "load", "@HostListener('x', ['$event'])\n  protected async load(", "Promise<void>;")]
    [InlineData(Language.JavaScript, "double", "const double", "x * 2")]
    [InlineData(Language.Python, "fetch", "@decorate(\n    \"x\",\n)\nasync def fetch(", "or None")]
    [InlineData(Language.Java, "add", "@Override\n    @SuppressWarnings({\"unchecked\", \"raw\"})\n    public <K>", "}")]
    [InlineData(Language.Rust, "Stack", "#[derive(Debug, Clone)]\npub struct", "}")]
    [InlineData(Language.C, "point_t", "typedef struct point {", "} point_t;")]
    [InlineData(Language.Cpp, "Cart", "template <typename T, class U = int>\nclass Cart", "};")]
    [InlineData(Language.CSharp, "Add", "[Obsolete(\"}\")]\n    public void Add", "}")]
    public void Spans(Language language, string name, string start, string end)
    {
        var text = Samples.Of(language);
        var span = Find(language, text, name).Span;
        Assert.StartsWith(start, text[span.Start..span.End]);
        Assert.EndsWith(end, text[span.Start..span.End]);
    }

    [Theory]
    [InlineData(Language.TypeScript, "const a = <T,>(x: T) => x; const b = <T>(x: T): T => { return x; }", "a b")]
    [InlineData(Language.TypeScript, "function f(a: string): void\nfunction f(a: any) { return a }", "f f")]
    [InlineData(Language.JavaScript, "if (a) { b() } else { c() }\nwhile (x) { y() }\nfor (;;) { z() }", "")]
    [InlineData(Language.JavaScript, "const A = () => <div>{list.map(x => <B key={x} />)} isn't</div>;\nfunction c() {}", "A c")]
    [InlineData(Language.JavaScript, "a = b / c; function f() { return /}/.test(`${`}`}`) }", "f")]
    [InlineData(Language.Python, "def broken(a, b\n\ndef next():\n    return 1\n", "broken next")]
    [InlineData(Language.Python, "if x:\n\tdef f():\n\t\tpass\nelse:\n\tdef g(): pass", "f g")]
    [InlineData(Language.Java, "class A { int[] a = {1}; void f() { new B().g(); } int h; }", "type A{f}")]
    [InlineData(Language.Go, "func (a *A) f() struct{ x int } { return struct{ x int }{1} }\nvar g = func() {}", "f")]
    [InlineData(Language.Rust, "fn a() -> impl Fn(i32) -> i32 { |x| x }\nlet f: fn(i32) = g;", "a")]
    [InlineData(Language.C, "int x = f(1);\nFOO(a)\nint main(void) { if (x) { g(); } }", "main")]
    [InlineData(Language.C, "static int (*table[])(int) = { a, b };\nint f(int (*g)(int)) { return g(1); }", "f")]
    [InlineData(Language.Cpp, "A::A(int x) : B(x), c{1} {}\nauto f() -> std::vector<int> { return {}; }\nint y(3);", "A f")]
    [InlineData(Language.Cpp, "struct A f(struct B b) { return a; }\nclass Fwd;\nenum E { X };", "f type E")]
    [InlineData(Language.CSharp, "class A { void F() { if (x) { ", "type A{F}")]
    [InlineData(Language.CSharp, "int x = 1; void Local() { } record R(int A);", "Local type R")]
    [InlineData(Language.Unknown, "function f() {}", "")]
    public void Short(Language language, string text, string expected) =>
        Assert.Equal(expected, OutlineText.Names(OutlineParser.Parse(language, text)));

    private static OutlineNode Find(Language language, string text, string name, int which = 0) =>
        OutlineParser.Parse(language, text).SelectMany(n => n.SelfAndDescendants()).Where(n => n.Name == name).ElementAt(which);
}
