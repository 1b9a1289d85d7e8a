using System.Reflection;
using Atl.Proto;
using NetArchTest.Rules;

namespace Atl.Tests.Architecture;

/// <summary>What each room of the engine may know of the others: edges point down (docs/architecture.md).</summary>
public sealed class RoomTests
{
    private const string Native = "Atl.Native", Devices = "Atl.Devices", Cpu = "Atl.Devices.Cpu",
        Cuda = "Atl.Devices.Cuda", Operators = "Atl.Operators", Fillers = "Atl.Fillers", Data = "Atl.Data",
        Layers = "Atl.Layers", Nets = "Atl.Nets", Net = "Atl.Net", Solvers = "Atl.Solvers", Linting = "Atl.Linting",
        Tools = "Atl.Tools", Logging = "Atl.Logging";

    private static readonly Assembly Engine = typeof(Blob).Assembly;

    // Errors of native calls are the devices' exception, and the binding takes enumerations of operators as they are:
    // so Native may know these two rooms, and nothing else that lies above it.
    [TestCase(Logging, Native, Devices, Operators, Fillers, Data, Layers, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Native, Cuda, Fillers, Data, Layers, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Devices, Fillers, Data, Layers, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Operators, Fillers, Data, Layers, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Fillers, Native, Operators, Data, Layers, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Data, Devices, Operators, Fillers, Layers, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Layers, Native, Cpu, Cuda, Nets, Net, Solvers, Linting, Tools)]
    [TestCase(Nets, Native, Cpu, Cuda, Solvers, Linting, Tools)]
    [TestCase(Solvers, Native, Cpu, Linting, Tools)]
    [TestCase(Linting, Native, Cpu, Cuda, Tools)]
    public void ARoomDoesNotKnowThoseAboveIt(string room, params string[] above)
    {
        PredicateList types = Types.InAssembly(Engine).That().ResideInNamespace(room);
        Assert.That(types.GetTypes(), Is.Not.Empty, $"there is a room {room}");
        TestResult result = types.ShouldNot().HaveDependencyOnAny(above).GetResult();
        Assert.That(result.FailingTypeNames ?? [], Is.Empty, $"types of {room} know one of {string.Join(", ", above)}");
    }

    [Test]
    public void NoRoomKnowsTheFrontDoor()
    {
        string[] door = [typeof(Model).FullName!, typeof(Session).FullName!, typeof(Trainer).FullName!];
        PredicateList rooms = Types.InAssembly(Engine).That().ResideInNamespaceMatching(@"^Atl\.\w+");
        Assert.That(rooms.GetTypes().Count(), Is.GreaterThan(300));
        IEnumerable<string> failing = rooms.ShouldNot().HaveDependencyOnAny(door).GetResult().FailingTypeNames ?? [];
        // The door's own nested types count as of a namespace of its name.
        Assert.That(failing.Where(name => !door.Any(type => name.StartsWith($"{type}/", StringComparison.Ordinal))),
            Is.Empty);
    }

    [Test]
    public void ARoomThatKnowsMoreIsFound()
    {
        TestResult result = Types.InAssembly(Engine).That().ResideInNamespace(Nets)
            .ShouldNot().HaveDependencyOnAny(Layers).GetResult();
        Assert.That(result.FailingTypeNames, Does.Contain("Atl.Nets.NetBuilder"), "the rules above can fail");
    }

    [TestCase(typeof(AtlException), "Atl", "Atl.Face", "Atl.Cli", "Atl.Images", "OpenCvSharp", "ManagedCuda")]
    [TestCase(typeof(Blob), "Atl.Face", "Atl.Cli", "Atl.Images", "OpenCvSharp", "ManagedCuda")]
    public void AnAssemblyDoesNotKnowThoseAboveIt(Type member, params string[] above) =>
        Assert.That(member.Assembly.GetReferencedAssemblies().Select(name => name.Name), Has.None.AnyOf(above));
}
