using CppSharp.AST;
using CppSharp.Parser;

namespace Atl.Bindgen;

/// <summary>
/// The CUDA kernels of native/cuda, as CppSharp parses them: C++ in which include/cuda.h gives CUDA's words a meaning.
/// </summary>
internal sealed class Kernels
{
    private const string Folder = "cuda";

    // Of a kernel that a macro makes for several types, the host launches the one for float.
    private const string OtherType = "_f64";

    private Kernels(IReadOnlyList<KernelFile> files, string hash)
    {
        Files = files;
        Hash = hash;
    }

    /// <summary>The files with kernels, by name.</summary>
    public IReadOnlyList<KernelFile> Files { get; }

    /// <summary>The hash of the text of all files with code for the device.</summary>
    public string Hash { get; }

    /// <summary>Reads every <c>.cu</c> file in <c>cuda/</c> of a folder.</summary>
    /// <exception cref="BindgenException">They do not parse, or no launch can give a kernel's parameters.</exception>
    public static Kernels Read(string native)
    {
        string words = Path.Combine(AppContext.BaseDirectory, "include", "cuda.h");
        string[] files = [.. Directory.GetFiles(Path.Combine(native, Folder), "*.cu").Order(StringComparer.Ordinal)];
        List<KernelFile> read = [];
        foreach (string file in files)
        {
            // A file at a time, since each has helpers of its own.
            string name = Path.GetFileName(file);
            ASTContext tree =
                SourceParser.Parse([$"{Folder}/{name}"], native, LanguageVersion.CPP17, "-include", words);
            IEnumerable<Function> kernels = Functions(tree.Unit(file)).Where(IsLaunched);
            read.Add(new KernelFile(name, [.. kernels.Select(kernel => new Kernel(kernel))]));
        }
        return new Kernels(read, SourceHash.Of(files));
    }

    // extern "C" is a context without a name.
    private static IEnumerable<Function> Functions(DeclarationContext context) =>
        context.Functions.Concat(context.Namespaces.Where(inner => inner.Name.Length == 0).SelectMany(Functions));

    private static bool IsLaunched(Function function) =>
        function.Name.StartsWith("atl_", StringComparison.Ordinal)
        && !function.Name.EndsWith(OtherType, StringComparison.Ordinal);
}
