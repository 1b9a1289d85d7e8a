namespace Atl.TestSupport;

/// <summary>The test holds Atl to a behaviour of Caffe that is easily got wrong.</summary>
/// <param name="behaviour">A member of the list of the test's project, <c>CaffeBehaviour</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CaffeBehaviourAttribute(object behaviour) : PropertyAttribute(Property, behaviour.ToString()!)
{
    /// <summary>The property of a marked test.</summary>
    public const string Property = "CaffeBehaviour";

    /// <summary>The behaviour.</summary>
    public object Behaviour { get; } = behaviour;
}
