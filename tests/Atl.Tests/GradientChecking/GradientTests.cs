using System.Reflection;
using Atl.Devices;

namespace Atl.Tests.GradientChecking;

/// <summary>Runs every declared gradient case.</summary>
public class GradientTests
{
    private static IEnumerable<GradientCase> All =>
        from type in typeof(GradientTests).Assembly.GetTypes()
        where type.GetCustomAttribute<GradientCasesAttribute>() is not null
        orderby type.Name
        let cases = type.GetProperty("Cases", BindingFlags.Public | BindingFlags.Static)
            ?? throw new InvalidOperationException($"{type} needs a public static property Cases")
        from test in (IEnumerable<GradientCase>)cases.GetValue(null)!
        select test;

    private static IEnumerable<TestCaseData> OnTheCpu => All.Select(test => new TestCaseData(test).SetName($"Gradient({test.Name})"));

    [TestCaseSource(nameof(OnTheCpu))]
    public void BackwardIsTheGradientOfForward(object test) => GradientChecker.Check((GradientCase)test, Device.Cpu);
}
