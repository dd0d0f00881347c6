using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Protocol;

/// <summary>A fact that needs what <c>npm ci</c> installs: left out where that was not run, save in CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeModulesFactAttribute : FactAttribute
{
    public NodeModulesFactAttribute()
    {
        bool installed = Directory.Exists(Path.Combine(Repository.Root, "node_modules"));
        if (!installed && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "node_modules is missing. Run npm ci.";
    }
}
