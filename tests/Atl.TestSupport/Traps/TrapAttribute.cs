namespace Atl.TestSupport;

/// <summary>The test holds Atl to a behaviour of Caffe that is easily got wrong.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class TrapAttribute(Trap trap) : PropertyAttribute("Trap", trap.ToString())
{
    public Trap Trap { get; } = trap;
}
