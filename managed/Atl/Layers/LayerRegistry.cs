using System.Reflection;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Makes layers by their type; every class with a <see cref="LayerTypeAttribute"/> is found by itself.</summary>
public static class LayerRegistry
{
    private const int OthersShown = 8;

    private static readonly Lazy<SortedDictionary<string, ConstructorInfo>> Constructors = new(Scan);

    /// <summary>All types, sorted.</summary>
    public static IReadOnlyCollection<string> Types => Constructors.Value.Keys;

    /// <summary>Whether there is a layer of this type.</summary>
    public static bool Knows(string type) => Constructors.Value.ContainsKey(type);

    /// <summary>Makes the layer that a message describes.</summary>
    /// <exception cref="LayerException">The type is unknown (the message offers the nearest) or the layer refuses its parameters.</exception>
    public static Layer Create(LayerParameter parameter, LayerContext context)
    {
        if (!Constructors.Value.TryGetValue(parameter.Type, out ConstructorInfo? constructor))
            throw new LayerException(parameter, Unknown(parameter));
        LayerNumbers.Check(parameter);
        try
        {
            return (Layer)constructor.Invoke([parameter, context]);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    /// <summary>Checks that there is a layer for every type in a net.</summary>
    /// <exception cref="LayerException">Types are unknown; the message has a line for each, with the type's first layer.</exception>
    public static void CheckTypes(IEnumerable<LayerParameter> layers)
    {
        (LayerParameter First, string Problem)[] unknown =
        [
            .. layers.Where(layer => !Knows(layer.Type)).GroupBy(Unknown)
                .Select(same => (same.First(), same.Key + Others([.. same.Skip(1)]))),
        ];
        if (unknown.Length == 0) return;
        IEnumerable<string> further = unknown.Skip(1).Select(type => LayerException.Describe(type.First, type.Problem));
        throw new LayerException(unknown[0].First, string.Join('\n', further.Prepend(unknown[0].Problem)));
    }

    private static string Others(LayerParameter[] others) => others.Length == 0
        ? ""
        : $" (also {string.Join(", ", others.Take(OthersShown).Select(layer => $"'{layer.Name}'"))}"
            + (others.Length > OthersShown ? $" and {others.Length - OthersShown} more)" : ")");

    private static string Unknown(LayerParameter layer) =>
        layer.Type == "Python" ? PythonAdvice(layer) : Unknown(layer.Type);

    private static string Unknown(string type) =>
        type.Length == 0 ? "no type is given, expected one as type: \"ReLU\""
        : DialectLayers.OriginOf(type) is { } origin ? $"unknown layer type '{type}': it is one of {origin} and not here"
        : $"unknown layer type '{type}'{NearestName.Hint(type, Types, 3)}";

    private static string PythonAdvice(LayerParameter parameter)
    {
        PythonParameter given = parameter.PythonParam ?? new PythonParameter();
        return $"Python layers are not run (module '{given.Module}', layer '{given.Layer}'): put a built-in layer in its place, "
            + "Data, HDF5Data or MemoryData where it brings data, "
            + "or leave it out of this phase with an include or exclude rule";
    }

    private static SortedDictionary<string, ConstructorInfo> Scan()
    {
        SortedDictionary<string, ConstructorInfo> constructors = new(StringComparer.Ordinal);
        foreach (Type type in typeof(LayerRegistry).Assembly.GetTypes())
            foreach (LayerTypeAttribute attribute in type.GetCustomAttributes<LayerTypeAttribute>(false))
                constructors.Add(attribute.Type, type.GetConstructor([typeof(LayerParameter), typeof(LayerContext)])
                    ?? throw new InvalidOperationException($"{type} needs a public constructor (LayerParameter, LayerContext)"));
        return constructors;
    }
}
