using System.Diagnostics;
using System.Reflection;
using Atl.TestSupport;

namespace Atl.Proto.Tests;

/// <summary>Runs the protoc that the build used, as the judge of what text means.</summary>
internal static class Protoc
{
    private static readonly string Program = Metadata("ProtocPath");

    private static readonly string[] CaffeSchema = ["--proto_path=" + Path.Combine(TestData.RepositoryRoot, "proto"),
        "caffe.proto"];

    private static readonly string[] TestSchema =
    [
        "--proto_path=" + Path.Combine(TestData.RepositoryRoot, "tests", "Atl.Proto.Tests", "Schema"),
        "--proto_path=" + Metadata("ProtocInclude"),
        "text_test.proto",
    ];

    /// <summary>Text to binary; null when protoc refuses the text.</summary>
    public static byte[]? Encode(string type, byte[] text, out string errors) =>
        Run("--encode=" + type, type, text, out errors);

    /// <summary>Text to binary; null when protoc refuses the text.</summary>
    public static byte[]? Encode(string type, byte[] text) => Encode(type, text, out _);

    /// <summary>Binary to text.</summary>
    public static byte[]? Decode(string type, byte[] binary) => Run("--decode=" + type, type, binary, out _);

    private static byte[]? Run(string mode, string type, byte[] input, out string errors)
    {
        string[] schema = type.StartsWith("caffe.", StringComparison.Ordinal) ? CaffeSchema : TestSchema;
        ProcessStartInfo start = new(Program, [mode, .. schema])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task feed = Task.Run(() => Feed(process, input));
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        feed.Wait();
        errors = error.Result;
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : null;
    }

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // protoc stops reading at the first error; its exit code says so.
        }
    }

    private static string Metadata(string key) =>
        typeof(Protoc).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == key).Value!;
}
