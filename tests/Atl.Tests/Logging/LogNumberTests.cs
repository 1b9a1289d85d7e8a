using Atl.Logging;

namespace Atl.Tests.Logging;

public class LogNumberTests
{
    // What printf("%g") of C writes.
    [TestCase(0, "0")]
    [TestCase(2, "2")]
    [TestCase(0.1f, "0.1")]
    [TestCase(87.3365448, "87.3365")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(0.00001, "1e-05")]
    [TestCase(123456, "123456")]
    [TestCase(1234567, "1.23457e+06")]
    [TestCase(1e-38, "1e-38")]
    [TestCase(-2.5e100, "-2.5e+100")]
    [TestCase(double.PositiveInfinity, "inf")]
    [TestCase(double.NegativeInfinity, "-inf")]
    public void NumbersAreWrittenAsByPrintf(double value, string expected) =>
    Assert.That(LogNumber.Format(value), Is.EqualTo(expected));

    [Test]
    public void NaNKeepsItsSign()
    {
        Assert.That(LogNumber.Format(-double.NaN), Is.EqualTo(double.IsNegative(-double.NaN) ? "-nan" : "nan"));
        Assert.That(LogNumber.Format(double.CopySign(double.NaN, 1)), Is.EqualTo("nan"));
    }
}
