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
        Register(assembly, path);
        return assembly;
    }

    /// <summary>Registers what an assembly has; once more it changes nothing.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="AtlException">
    /// The assembly registers nothing, or a name that another assembly has registered.
    /// </exception>
    internal static void Register(Assembly assembly, string name)
    {
        if (!assembly.IsDefined(typeof(RegistersAttribute)))
            throw new AtlException(
                $"{name}: registers no layer, operator or solver, expected classes with [LayerType], [OperatorFor] or "
                + "[SolverType] in an assembly built with Atl.Generators");
        Initialize(assembly, name);
        string[] conflicts =
        [
            .. LayerRegistry.Conflicts(assembly), .. OperatorCatalog.Conflicts(assembly),
            .. SolverRegistry.Conflicts(assembly),
        ];
        if (conflicts.Length > 0) throw new AtlException($"{name}: {string.Join('\n', conflicts)}");
    }

    // What an assembly was built with may be missing here, or other than it was.
    private static void Initialize(Assembly assembly, string name)
    {
        try
        {
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        }
        catch (TypeInitializationException e)
        {
            throw new AtlException($"{name}: cannot be initialized: {(e.InnerException ?? e).Message}", e);
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
