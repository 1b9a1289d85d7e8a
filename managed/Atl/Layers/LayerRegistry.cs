using System.Reflection;
using Atl.Proto;
using Atl.Registration;

namespace Atl.Layers;

/// <summary>
/// Makes layers by their type. A class with a <see cref="LayerTypeAttribute"/> is registered by the code that
/// Atl.Generators adds to its assembly. All members may be used by several threads.
/// </summary>
public static class LayerRegistry
{
    private const int OthersShown = 8;

    private static readonly RegistrationTable<string, Func<LayerParameter, LayerContext, Layer>> Table =
        new(AtlRegistration.RegisterLayers);

    // Sorted once for all types that a net asks for in vain.
    private static string[] _types = [];

    /// <summary>All types, sorted.</summary>
    public static IReadOnlyCollection<string> Types
    {
        get
        {
            // Types are added alone.
            string[] types = _types;
            return types.Length == Table.Count ? types : _types = [.. Table.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether there is a layer of this type.</summary>
    public static bool Knows(string type) => Table.Contains(type);

    /// <summary>Whether the layer of this type is one of Atl's own, not of another assembly.</summary>
    internal static bool IsOwn(string type) => Table.ClassOf(type)?.Assembly == typeof(Layer).Assembly;

    /// <summary>
    /// Registers the layers, operators and solvers of an assembly that was built with Atl.Generators. Most need no
    /// call: an assembly registers itself when it is loaded (<see cref="ExtensionAssembly"/>). Call this for one that
    /// you load yourself, or to see its conflicts at once.
    /// </summary>
    /// <exception cref="AtlException">
    /// The assembly registers nothing, or a name that another assembly has registered.
    /// </exception>
    public static void Register(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ExtensionAssembly.Register(assembly, assembly.GetName().Name ?? assembly.ToString());
    }

    /// <summary>
    /// Registers a layer class, as generated code does. A second class of one type is an error where a net asks for the
    /// type.
    /// </summary>
    /// <param name="type">The type, as in a prototxt.</param>
    /// <param name="layer">The class.</param>
    /// <param name="make">Calls the class's constructor.</param>
    public static void Register(string type, Type layer, Func<LayerParameter, LayerContext, Layer> make)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        Table.Add(type, layer, make);
    }

    /// <summary>Makes the layer that a message describes.</summary>
    /// <exception cref="LayerException">
    /// The type is unknown (the message offers the nearest) or registered twice, or the layer refuses its parameters.
    /// </exception>
    public static Layer Create(LayerParameter parameter, LayerContext context)
    {
        Func<LayerParameter, LayerContext, Layer> make =
            Table.Find(parameter.Type) ?? throw new LayerException(parameter, Missing(parameter));
        LayerNumbers.Check(parameter);
        return make(parameter, context);
    }

    /// <summary>Checks that there is a layer for every type in a net.</summary>
    /// <exception cref="LayerException">
    /// Types are unknown or registered twice; the message has a line for each, with the type's first layer.
    /// </exception>
    internal static void CheckTypes(IEnumerable<LayerParameter> layers)
    {
        (LayerParameter First, string Problem)[] missing =
        [
            .. layers.Where(layer => Table.Find(layer.Type) is null).GroupBy(Missing)
                .Select(same => (same.First(), same.Key + Others([.. same.Skip(1)]))),
        ];
        if (missing.Length == 0) return;
        IEnumerable<string> further = missing.Skip(1).Select(type => LayerException.Describe(type.First, type.Problem));
        throw new LayerException(missing[0].First, string.Join('\n', further.Prepend(missing[0].Problem)));
    }

    private static string Others(LayerParameter[] others) => others.Length == 0
        ? ""
        : $" (also {string.Join(", ", others.Take(OthersShown).Select(layer => $"'{layer.Name}'"))}"
            + (others.Length > OthersShown ? $" and {others.Length - OthersShown} more)" : ")");

    /// <summary>Errors about types of an assembly that another assembly has, too.</summary>
    internal static IEnumerable<string> Conflicts(Assembly assembly) =>
        Table.Conflicts(assembly).Select(Conflict).OfType<string>();

    private static string? Conflict(string type) =>
        Table.Conflict(type) is { } conflict ? $"layer type '{type}' is {conflict}" : null;

    private static string Missing(LayerParameter layer) => Conflict(layer.Type) ?? Unknown(layer);

    private static string Unknown(LayerParameter layer) =>
        layer.Type == "Python" ? PythonAdvice(layer) : Unknown(layer.Type);

    private static string Unknown(string type) =>
        type.Length == 0 ? "no type is given, expected one as type: \"ReLU\""
        : DialectLayers.OriginOf(type) is { } origin
        ? $"unknown layer type '{type}': it is one of {origin} and not here"
        : $"unknown layer type '{type}'{NearestName.Hint(type, Types, 3)}";

    private static string PythonAdvice(LayerParameter parameter)
    {
        PythonParameter given = parameter.PythonParam ?? new PythonParameter();
        return $"Python layers are not supported (module '{given.Module}', layer '{given.Layer}'): replace it with a "
            + "built-in layer (Data, HDF5Data or MemoryData if it supplies data), or exclude it from this phase with "
            + "an include or exclude rule";
    }
}
