using System.Reflection;
using NUnit.Framework.Interfaces;

namespace Atl.TestSupport;

/// <summary>Sees that each behaviour of a project's list has a test, and that no such test may be skipped.</summary>
/// <typeparam name="TBehaviour">The list.</typeparam>
public abstract class CaffeBehaviourFixture<TBehaviour>
    where TBehaviour : struct, Enum
{
    private static IEnumerable<MethodInfo> MarkedTests =>
        from type in typeof(TBehaviour).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly)
        where method.IsDefined(typeof(CaffeBehaviourAttribute))
        select method;

    [Test]
    public void EveryBehaviourHasATest()
    {
        object[] tested = [.. MarkedTests.Where(Runs)
            .SelectMany(method => method.GetCustomAttributes<CaffeBehaviourAttribute>())
            .Select(attribute => attribute.Behaviour)];
        Assert.That(tested, Is.All.TypeOf<TBehaviour>());
        Assert.That(Enum.GetValues<TBehaviour>().Except(tested.Cast<TBehaviour>()), Is.Empty);
    }

    [Test]
    public void NoTestOfABehaviourMayBeSkipped() =>
        Assert.That(MarkedTests.Select(SkipReach.OfTest).OfType<string>(), Is.Empty);

    private static bool Runs(MethodInfo method)
    {
        object[] attributes = method.GetCustomAttributes(true);
        return attributes.Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder)
            && !attributes.Any(attribute => attribute is IgnoreAttribute or ExplicitAttribute);
    }
}
