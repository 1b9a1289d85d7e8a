using CppSharp.AST;
using CppSharp.Parser;

namespace Atl.Bindgen;

/// <summary>
/// The CUDA kernels of native/cuda, as CppSharp parses them: C++ in which include/cuda.h gives CUDA's words a meaning.
/// </summary>
internal static class Kernels
{
    private const string Folder = "cuda";

    // Of a kernel that a macro makes for several types, the host launches the one for float.
    private const string OtherType = "_f64";

    /// <summary>Reads every <c>.cu</c> file in <c>cuda/</c> of a folder, by name.</summary>
    /// <exception cref="BindgenException">They do not parse, or no launch can give a kernel's parameters.</exception>
    public static IReadOnlyList<KernelFile> Read(string native)
    {
        string words = Path.Combine(AppContext.BaseDirectory, "include", "cuda.h");
        string[] files = [.. Directory.GetFiles(Path.Combine(native, Folder), "*.cu").Order(StringComparer.Ordinal)];
        List<KernelFile> read = [];
        foreach (string file in files)
        {
            // A file at a time, since each has helpers of its own.
            string name = Path.GetFileName(file);
            ASTContext tree = SourceParser.Parse([$"{Folder}/{name}"], native, LanguageVersion.CPP17, "-include", words,
                "-I", Path.Combine(native, "include"));
            IEnumerable<Function> kernels = Functions(tree.Unit(file)).Where(IsLaunched);
            read.Add(new KernelFile(name, [.. kernels.Select(kernel => new Kernel(kernel))]));
        }
        return read;
    }

    // extern "C" is a context without a name.
    private static IEnumerable<Function> Functions(DeclarationContext context) =>
        context.Functions.Concat(context.Namespaces.Where(inner => inner.Name.Length == 0).SelectMany(Functions));

    private static bool IsLaunched(Function function) =>
        function.Name.StartsWith("atl_", StringComparison.Ordinal)
        && !function.Name.EndsWith(OtherType, StringComparison.Ordinal);
}
