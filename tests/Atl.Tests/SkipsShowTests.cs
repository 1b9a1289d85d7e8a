using Atl.TestSupport;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Atl.Tests;

public sealed class SkipsShowTests
{
    [TestCase(TestStatus.Passed)]
    [TestCase(TestStatus.Failed)]
    public void ASwallowedSkipIsAFault(TestStatus ended) =>
        Assert.That(SkipsShowAttribute.Fault("no data", ended, holdsBehavior: false),
            Does.Contain("(no data)").And.Contain("swallowed"));

    [Test]
    public void ABehaviorThatIsSkippedForWantOfDataIsAFault()
    {
        Assert.That(SkipsShowAttribute.Fault(TestData.AbsentReason, TestStatus.Skipped, holdsBehavior: true),
            Does.Contain("in every clone"));
        Assert.That(SkipsShowAttribute.Fault(TestData.AbsentReason, TestStatus.Skipped, holdsBehavior: false), Is.Null);
        Assert.That(SkipsShowAttribute.Fault("Windows has no signals", TestStatus.Skipped, holdsBehavior: true),
            Is.Null);
        Assert.That(SkipsShowAttribute.Fault(null, TestStatus.Passed, holdsBehavior: true), Is.Null);
    }

    [Test]
    public void ASkipWithinAnAssertedLambdaIsSeen()
    {
        IPropertyBag properties = TestExecutionContext.CurrentContext.CurrentTest.Properties;
        Assert.That(() => Assert.Ignore("swallowed"), Throws.TypeOf<IgnoreException>());
        Assert.That(properties.Get(SkipsShowAttribute.Asked), Is.EqualTo("swallowed"));
        // This test's own end is to show nothing.
        properties[SkipsShowAttribute.Asked].Clear();
    }
}
