using Atl.Logging;

/// <summary>Keeps what nets say while they are built out of the test runner's output.</summary>
// Outside any namespace, so that it holds for the whole assembly.
[SetUpFixture]
public sealed class QuietLog
{
    [OneTimeSetUp]
    public void DropInformation() => Log.Minimum = LogSeverity.Warning;
}
