namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>The one release of ggml that the bindings are written for.</summary>
internal static class GgmlRelease
{
    /// <summary>What <c>ggml_version()</c> gives: ggml 0.23.0, which is llama.cpp v0.4.0.</summary>
    public const string Version = "0.23.0";

    /// <summary>The version of the npm packages <c>@node-llama-cpp/…</c> that hold it.</summary>
    public const string Package = "3.21.1";

    /// <summary><c>GGML_BACKEND_API_VERSION</c>: what a device's library says of itself.</summary>
    public const int BackendApiVersion = 2;

    /// <summary>The bytes of a <c>ggml_object</c>, which a context puts before each tensor.</summary>
    public const int ObjectSize = 32;
}
