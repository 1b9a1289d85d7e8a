using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Atl.Layers;
using Atl.Operators;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Registration;

/// <summary>
/// Loads assemblies with layers, operators and solvers that the program does not reference. Those that it references
/// need no loading: they register by themselves.
/// </summary>
public static class ExtensionAssembly
{
    /// <summary>Loads an assembly from its file, and with it what it registers.</summary>
    /// <returns>The assembly; once more the same file gives the same one.</returns>
    /// <exception cref="AtlException">
    /// The file cannot be loaded, registers nothing, or registers a name that another assembly has registered.
    /// </exception>
    [RequiresUnreferencedCode("Trimming cannot know what a file needs that is loaded at run time.")]
    public static Assembly Load(string path)
    {
        Assembly assembly = Open(path);
        if (!assembly.IsDefined(typeof(RegistersAttribute)))
            throw new AtlException(
                $"{path}: registers no layer, operator or solver, expected classes with [LayerType], [OperatorFor] or "
                + "[SolverType] in an assembly built with Atl.Generators");
        Initialize(assembly, path);
        string[] conflicts =
        [
            .. LayerRegistry.Conflicts(assembly), .. OperatorCatalog.Conflicts(assembly),
            .. SolverRegistry.Conflicts(assembly),
        ];
        if (conflicts.Length > 0) throw new AtlException($"{path}: {string.Join('\n', conflicts)}");
        return assembly;
    }

    // What an assembly was built with may be missing here, or other than it was.
    private static void Initialize(Assembly assembly, string path)
    {
        try
        {
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        }
        catch (TypeInitializationException e)
        {
            throw new AtlException($"{path}: cannot be initialized: {(e.InnerException ?? e).Message}", e);
        }
    }

    [RequiresUnreferencedCode("Trimming cannot know what a file needs that is loaded at run time.")]
    private static Assembly Open(string path)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full)) throw new AtlException($"{path}: no such file, expected a .NET assembly with layers");
        try
        {
            return Assembly.LoadFrom(full);
        }
        catch (BadImageFormatException e)
        {
            throw new AtlException($"{path}: is no .NET assembly that can be loaded here: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new AtlException($"{path}: cannot be loaded: {e.Message}", e);
        }
    }
}
