using System.Reflection;
using NUnit.Framework.Interfaces;

namespace Atl.TestSupport;

/// <summary>No trap of this project's list goes untested.</summary>
public sealed class TrapTests
{
    [Test]
    public void EveryTrapHasATest()
    {
        Trap[] tested =
        [
            .. from type in typeof(TrapTests).Assembly.GetTypes()
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
                   | BindingFlags.DeclaredOnly)
               where Runs(method)
               from attribute in method.GetCustomAttributes<TrapAttribute>()
               select attribute.Trap,
        ];
        Assert.That(Enum.GetValues<Trap>().Except(tested), Is.Empty);
    }

    private static bool Runs(MethodInfo method)
    {
        object[] attributes = method.GetCustomAttributes(true);
        return attributes.Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder)
            && !attributes.Any(attribute => attribute is IgnoreAttribute or ExplicitAttribute);
    }
}
