using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Atl.Registration;

/// <summary>
/// Classes by the key under which they are asked for. Atl's own come in when the table is first asked; other assemblies
/// add theirs when they are loaded, before that or after, on any thread.
/// </summary>
/// <remarks>
/// Adding never fails, for an error in a module initializer would end the program before its first line. Two classes of
/// one key are an error where the key is asked for.
/// </remarks>
internal sealed class RegistrationTable<TKey, TMaker>
    where TKey : notnull
    where TMaker : Delegate
{
    private readonly ConcurrentDictionary<TKey, ImmutableArray<Registered>> _classes = new();
    private readonly Lazy<ConcurrentDictionary<TKey, ImmutableArray<Registered>>> _all;

    /// <summary>A table that has Atl's own classes.</summary>
    /// <param name="addOwn">Adds them.</param>
    public RegistrationTable(Action addOwn) => _all = new(() =>
    {
        addOwn();
        return _classes;
    });

    /// <summary>The number of keys.</summary>
    public int Count => _all.Value.Count;

    /// <summary>All keys.</summary>
    public ICollection<TKey> Keys => _all.Value.Keys;

    /// <summary>Adds a class; once more the same one changes nothing.</summary>
    public void Add(TKey key, Type type, TMaker make)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(make);
        _classes.AddOrUpdate(
            key,
            static (_, added) => [added],
            static (_, present, added) => present.Any(other => other.Type == added.Type) ? present : present.Add(added),
            new Registered(type, make));
    }

    /// <summary>Whether there is a class, or several, of this key.</summary>
    public bool Contains(TKey key) => _all.Value.ContainsKey(key);

    /// <summary>
    /// The function that makes an object of the key's class; null if there is no class, or more than one.
    /// </summary>
    public TMaker? Find(TKey key) =>
        _all.Value.TryGetValue(key, out ImmutableArray<Registered> found) && found.Length == 1 ? found[0].Make : null;

    /// <summary>The key's class; null where there is none, or more than one.</summary>
    public Type? ClassOf(TKey key) =>
        _all.Value.TryGetValue(key, out ImmutableArray<Registered> found) && found.Length == 1 ? found[0].Type : null;

    /// <summary>Which classes share this key, for a message; null where they do not.</summary>
    public string? Conflict(TKey key)
    {
        if (!_all.Value.TryGetValue(key, out ImmutableArray<Registered> found) || found.Length < 2) return null;
        IEnumerable<string> classes = found.Select(one => Describe(one.Type)).Order(StringComparer.Ordinal);
        return $"registered {(found.Length == 2 ? "twice" : $"{found.Length} times")}, expected once: by "
            + string.Join(" and by ", classes) + "; rename one, or load one of the assemblies only";
    }

    /// <summary>The keys of an assembly's classes that another class has, too.</summary>
    public IEnumerable<TKey> Conflicts(Assembly assembly) => _all.Value
        .Where(entry => entry.Value.Length > 1 && entry.Value.Any(one => one.Type.Assembly == assembly))
        .Select(entry => entry.Key);

    private static string Describe(Type type) => $"{type.FullName} of assembly {type.Assembly.GetName().Name}";

    private readonly record struct Registered(Type Type, TMaker Make);
}
