using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Atl.TestSupport;

/// <summary>
/// Fails a test whose skip does not show: one that was skipped within an asserted lambda, which swallows the skip and
/// passes or fails for its sake, and one that holds Atl to a behaviour of Caffe
/// (<see cref="CaffeBehaviourAttribute"/>) and is skipped where the real inputs are absent, so that nothing tests that
/// behaviour there.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SkipsShowAttribute : Attribute, ITestAction
{
    /// <summary>The property of a test that tells why it asked to be skipped.</summary>
    public const string Asked = "SkipAsked";

    // Exceptions are seen when they are thrown, whoever catches them; a test's context flows to the threads that it
    // starts.
    static SkipsShowAttribute() => AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
    {
        if (thrown.Exception is IgnoreException skip)
            TestExecutionContext.CurrentContext.CurrentTest.Properties.Set(Asked, skip.Message);
    };

    /// <inheritdoc/>
    public ActionTargets Targets => ActionTargets.Test;

    /// <summary>What is wrong with a test's end; null where nothing is.</summary>
    /// <param name="asked">Why the test asked to be skipped; null where it did not.</param>
    /// <param name="ended">How it ended.</param>
    /// <param name="holdsBehavior">Whether it is the proof of a behavior of Caffe.</param>
    public static string? Fault(string? asked, TestStatus ended, bool holdsBehavior) => asked switch
    {
        null => null,
        _ when ended != TestStatus.Skipped =>
            $"the test asked to be skipped ({asked}) where its skip was swallowed: ask before the assertion",
        _ when holdsBehavior && asked == TestData.AbsentReason =>
            "a behavior of Caffe that Atl must have needs a test that runs in every clone",
        _ => null,
    };

    /// <inheritdoc/>
    public void BeforeTest(ITest test)
    {
    }

    /// <inheritdoc/>
    public void AfterTest(ITest test)
    {
        string? fault = Fault(test.Properties.Get(Asked) as string, TestContext.CurrentContext.Result.Outcome.Status,
            test.Properties.ContainsKey(CaffeBehaviourAttribute.Property));
        if (fault is not null) throw new InvalidOperationException(fault);
    }
}
