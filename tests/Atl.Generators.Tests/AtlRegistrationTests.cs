using System.Reflection;
using Atl.Layers;
using Atl.Operators;
using Atl.Registration;
using Atl.Solvers;

namespace Atl.Generators.Tests;

/// <summary>Atl's own classes: what is registered is what has an attribute.</summary>
public sealed class AtlRegistrationTests
{
    private static readonly Type[] Types = typeof(Layer).Assembly.GetTypes();

    private static RegistersAttribute Registered => typeof(Layer).Assembly.GetCustomAttribute<RegistersAttribute>()!;

    [Test]
    public void EveryLayerIsRegistered()
    {
        string[] marked =
            [.. Types.SelectMany(type => type.GetCustomAttributes<LayerTypeAttribute>(false)).Select(one => one.Type)];
        Assert.That(Registered.Layers, Is.EquivalentTo(marked));
        Assert.That(LayerRegistry.Types, Is.SupersetOf(marked));
    }

    [Test]
    public void EverySolverIsRegistered()
    {
        string[] marked =
            [.. Types.SelectMany(type => type.GetCustomAttributes<SolverTypeAttribute>(false)).Select(one => one.Type)];
        Assert.That(Registered.Solvers, Is.EquivalentTo(marked));
        Assert.That(SolverRegistry.Types, Is.SupersetOf(marked));
    }

    [Test]
    public void EveryOperatorIsRegistered()
    {
        string[] marked =
        [
            .. from type in Types
               from attribute in type.GetCustomAttributes(false)
               where attribute.GetType() is { IsGenericType: true } generic
                   && generic.GetGenericTypeDefinition() == typeof(OperatorForAttribute<,>)
               let arguments = attribute.GetType().GetGenericArguments()
               select $"{arguments[1]} on {arguments[0]}",
        ];
        Assert.That(Registered.Operators, Is.EquivalentTo(marked));
    }
}
