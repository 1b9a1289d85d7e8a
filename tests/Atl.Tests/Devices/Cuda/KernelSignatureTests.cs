using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Atl.Devices.Cuda;
using Atl.Native;
using Atl.TestSupport;
using Atl.Tests.Native;

namespace Atl.Tests.Devices.Cuda;

/// <summary>
/// The generated signatures of kernels against native/cuda. The driver is told addresses of arguments and nothing of
/// their types, so that a difference would be seen in wrong numbers only. `dotnet run build.cs -- bindings` writes
/// them.
/// </summary>
public partial class KernelSignatureTests
{
    private static readonly string Folder = Path.Combine(TestData.RepositoryRoot, "native", "cuda");

    // Each kernel is declared once.
    private static IEnumerable<KernelSignature> Declared =>
        typeof(KernelSignature).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
                | BindingFlags.DeclaredOnly))
            .Where(member => member.FieldType == typeof(KernelSignature))
            .Select(member => (KernelSignature)member.GetValue(null)!);

    [Test]
    public void EveryKernelIsDeclaredAsItIsWritten() => Assert.That(Declared, Is.EquivalentTo(Written()));

    [TestCase("int32_t type, T lambda, const T* x", ExpectedResult = "ifp")]
    [TestCase("atl_pooling pooling, uint64_t key, const float* x", ExpectedResult = "sup")]
    [TestCase("int64_t m,\n        uint64_t key, T *w", ExpectedResult = "lup")]
    [TestCase("float a, const double* x, ATL_OPTIONAL float* y", ExpectedResult = "fpo")]
    public string ParametersAreRead(string parameters) => Kinds(parameters);

    // The kernels of all files: NAME(PARAMETERS), and NAME_##SUFFIX(PARAMETERS) of macros as they are for float, in
    // blocks of at most __launch_bounds__(CONSTANT).
    private static List<KernelSignature> Written()
    {
        if (!Directory.Exists(Folder))
            Assert.Ignore("the tests run outside of the repository: there are no sources to compare with");
        string headers = string.Join('\n', Directory.GetFiles(Folder, "*.cuh").Select(File.ReadAllText));
        List<KernelSignature> found = [];
        foreach (string file in Directory.GetFiles(Folder, "*.cu"))
        {
            string text = File.ReadAllText(file).Replace("\\\n", "\n", StringComparison.Ordinal);
            MatchCollection kernels = Kernel().Matches(text);
            Assert.That(kernels, Has.Count.EqualTo(Regex.Count(text, "__global__")),
                $"{file} has a kernel in a form that is not known here");
            foreach (Match kernel in kernels)
            {
                string bound = kernel.Groups["bound"].Value;
                Match value = Regex.Match(headers, $@"constexpr int {bound} = (\d+);");
                Assert.That(value.Success, $"{bound} of {file} is not found");
                int threads = int.Parse(value.Groups[1].Value, CultureInfo.InvariantCulture);
                string suffix = kernel.Groups["suffix"].Success ? "f32" : "";
                string parameters = kernel.Groups["parameters"].Value;
                found.Add(new KernelSignature(
                    kernel.Groups["name"].Value + suffix, Kinds(parameters), threads, Struct(parameters)));
            }
        }
        return found;
    }

    // The C# side of the struct that a kernel takes; NativeLayoutTests compares its layout with the header's.
    private static Type? Struct(string parameters)
    {
        Match match = StructParameter().Match(parameters);
        return match.Success
            ? typeof(NativeMethods).Assembly.GetTypes().Single(type => type.Namespace == typeof(NativeMethods).Namespace
                && CHeaders.Matches(type.Name, "native_" + match.Groups["name"].Value))
            : null;
    }

    private static string Kinds(string parameters) =>
        string.Concat(parameters.Split(',').Select(parameter => parameter switch
    {
        _ when parameter.Contains("ATL_OPTIONAL", StringComparison.Ordinal) => 'o',
        _ when parameter.Contains('*', StringComparison.Ordinal) => 'p',
        _ => parameter.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0] switch
        {
            "int32_t" => 'i',
            "int64_t" => 'l',
            "uint64_t" => 'u',
            "T" or "float" => 'f',
            var type when StructParameter().IsMatch(type) => 's',
            var other =>
                throw new AssertionException($"a kernel has a parameter of type {other}, which no launch can give"),
        },
    }));

    [GeneratedRegex(@"\batl_(?<name>\w+)")]
    private static partial Regex StructParameter();

    [GeneratedRegex(
        @"__global__\s+void\s+__launch_bounds__\((?:\w+::)*(?<bound>\w+)\)\s+(?<name>\w+)(?<suffix>##SUFFIX)?\((?<parameters>[^)]*)\)")]
    private static partial Regex Kernel();
}
