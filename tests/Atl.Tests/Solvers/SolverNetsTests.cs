using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

public class SolverNetsTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void WriteNets()
    {
        File.WriteAllText(_folder["a.prototxt"], "name: 'a' state { level: 2 stage: 'own' }");
        File.WriteAllText(_folder["b.prototxt"], "name: 'b'");
    }

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("net: 'a.prototxt'", "a", "net file: ")]
    [TestCase("train_net: 'b.prototxt'", "b", "train_net file: ")]
    [TestCase("net_param { name: 'inline' }", "inline", "net_param")]
    [TestCase("train_net_param { name: 'inline' }", "inline", "train_net_param")]
    public void TheTrainingNetComesFromTheFieldThatIsGiven(string settings, string name, string source)
    {
        SolverNet net = Nets(settings).Train();
        Assert.Multiple(() =>
        {
            Assert.That(net.Parameter.Name, Is.EqualTo(name));
            Assert.That(net.Source, Does.StartWith(source));
            Assert.That(net.Phase, Is.EqualTo(Phase.Train));
        });
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.StatesOfTheSolver)]
    public void StatesAreMergedFromPhaseNetAndSolver()
    {
        SolverNets nets =
            Nets("net: 'a.prototxt' train_state { level: 3 stage: 'more' } test_iter: 1 test_interval: 1 test_state "
                + "{ stage: 'check' }");
        NetState train = nets.Train().Parameter.State, test = nets.Tests()[0].Parameter.State;
        Assert.Multiple(() =>
        {
            Assert.That((train.Phase, train.Level), Is.EqualTo((Phase.Train, 3)));
            Assert.That(train.Stage, Is.EqualTo(["own", "more"]));
            Assert.That((test.Phase, test.Level), Is.EqualTo((Phase.Test, 2)));
            Assert.That(test.Stage, Is.EqualTo(["own", "check"]));
        });
    }

    [Test]
    public void TestNetsAreThoseOfTheirOwnAndThenTheGenericOne()
    {
        SolverNets nets = Nets(
            "net: 'a.prototxt' test_net: 'b.prototxt' test_net_param { name: 'c' } test_iter: 1 test_iter: 2 "
                + "test_iter: 3 test_iter: 4 test_interval: 5");
        Assert.That(nets.Tests().Select(net => net.Parameter.Name), Is.EqualTo(["c", "b", "a", "a"]));
        Assert.That(nets.Tests().Select(net => net.Phase), Is.All.EqualTo(Phase.Test));
    }

    [Test]
    public void NoTestIterMeansNoTestNets() => Assert.That(Nets("net: 'a.prototxt'").Tests(), Is.Empty);

    [TestCase("", "names no net to train, expected one of net, net_param, train_net, train_net_param")]
    [TestCase("net: 'a.prototxt' train_net: 'b.prototxt'",
    "s.prototxt:1:19: the solver names more than one net to train (net, train_net)")]
    [TestCase("train_net: 'none.prototxt'",
    "s.prototxt:1:1: train_net 'none.prototxt': no such file in the working folder")]
    public void ATrainingNetThatIsNotClearIsRefused(string settings, string message) =>
        Assert.That(() => Nets(settings).Train(), Throws.TypeOf<SolverException>().With.Message.Contains(message));

    [Test]
    public void WeightsThatAreNowhereAreNamedWithTheirPlace()
    {
        SolverNets nets = Nets("net: 'a.prototxt'\nweights: 'none.caffemodel'");
        Assert.That(() => nets.ResolveWeights("none.caffemodel"),
            Throws.TypeOf<SolverException>().With.Message.Contains(
            "s.prototxt:2:1: weights 'none.caffemodel': no such file in the working folder"));
        File.WriteAllText(_folder["some.caffemodel"], "");
        Assert.That(nets.ResolveWeights("some.caffemodel"), Is.EqualTo(_folder["some.caffemodel"]));
        // Those of a command line are not the file's fault.
        Assert.That(Nets("net: 'a.prototxt'").ResolveWeights("none.caffemodel"), Is.EqualTo("none.caffemodel"));
    }

    [TestCase("net: 'a.prototxt' test_net: 'b.prototxt'",
        "test_iter must be given at least once for each test net: found 0 test_iter and 1 test_net")]
    [TestCase("train_net: 'a.prototxt' test_net: 'b.prototxt' test_iter: 1 test_iter: 1",
    "test_iter must be given once for each test net: found 2")]
    [TestCase("net: 'a.prototxt' test_iter: 1", "needs test_interval to be more than 0, found 0")]
    [TestCase("net: 'a.prototxt' test_iter: 0 test_interval: 1", "test_iter must be more than 0, found 0")]
    [TestCase("net: 'a.prototxt' test_iter: 1 test_interval: 1 test_state {} test_state {}",
    "found 2 test_state for 1 test nets")]
    public void TestNetsThatAreNotClearAreRefused(string settings, string message) =>
        Assert.That(() => Nets(settings).Tests(), Throws.TypeOf<SolverException>().With.Message.Contains(message));

    [Test]
    public void ANetBesideTheSolversFileIsFoundAndSaidSo()
    {
        List<string> notes = [];
        SolverNet net = Nets("net: 'a.prototxt'", notes.Add).Train();
        Assert.That(net.Source, Is.EqualTo("net file: " + _folder["a.prototxt"]));
        Assert.That(notes, Has.One.Contains("a.prototxt is not in the working folder"));
    }

    [Test]
    public void ANetOfATreeIsFoundFromTheSolversPlaceInIt()
    {
        string inside = Directory.CreateDirectory(_folder[Path.Combine("tree", "examples", "mnist")]).FullName,
            file = Path.Combine(inside, "s.prototxt");
        File.WriteAllText(Path.Combine(inside, "net.prototxt"), "name: 'of the tree'");
        List<string> notes = [];
        SolverNet Train(string net) => new SolverNets(TextFormat.Parse<SolverParameter>($"net: '{net}'", "s.prototxt"),
            file, null, notes.Add).Train();

        Assert.That(Train("examples/mnist/net.prototxt").Parameter.Name, Is.EqualTo("of the tree"));
        Assert.That(notes,
            Has.One.EndsWith($"taking {Path.Combine(inside, "net.prototxt")}, relative to the solver's file"));
        // A bare name is looked for beside the solver's file only: folders above may hold any file of that name.
        Assert.That(() => Train("a.prototxt"), Throws.TypeOf<SolverException>().With.Message.Contains("no such file"));
        Assert.That(() => Train("mnist/absent.prototxt"),
            Throws.TypeOf<SolverException>().With.Message.EndsWith("nor below one above it"));
    }

    [Test]
    public void LayersWithinASolverAreCopiedOnce()
    {
        SolverParameter given = TextFormat.Parse<SolverParameter>("""
            net_param { layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } } }
            """, "s.prototxt");
        SolverNet made = new SolverNets(given, _folder["s.prototxt"], null, _ => { }).Train();
        LayerParameter layer = given.NetParam.Layer[0];
        Assert.That(made.Parameter.Layer[0], Is.SameAs(layer));
        Assert.That((given.NetParam.State, made.Phase), Is.EqualTo(((NetState?)null, Phase.Train)));

        using Net net = new(made.Parameter, new NetOptions { Phase = Phase.Train });
        Assert.That(net.Layers[0].Parameter, Is.Not.SameAs(layer).And.Property(nameof(layer.Phase))
            .EqualTo(Phase.Train));
        Assert.That(layer.HasPhase, Is.False);
    }

    [Test]
    public void ALayerWhoseFileLiesElsewhereIsCopiedBeforeItIsChanged()
    {
        File.WriteAllText(_folder["list-elsewhere.txt"], "");
        SolverParameter given = TextFormat.Parse<SolverParameter>("""
            net_param { layer { name: 'd' type: 'ImageData' top: 'x'
                image_data_param { source: 'list-elsewhere.txt' } } }
            """, "s.prototxt");
        SolverNet made = new SolverNets(given, _folder["s.prototxt"], null, _ => { }).Train();
        Assert.That(made.Parameter.Layer[0].ImageDataParam.Source, Is.EqualTo(_folder["list-elsewhere.txt"]));
        Assert.That(SourceMap.Find(made.Parameter.Layer[0]),
            Is.EqualTo(SourceMap.Find(given.NetParam.Layer[0])).And.Not.Null);
        Assert.That(given.NetParam.Layer[0].ImageDataParam.Source, Is.EqualTo("list-elsewhere.txt"));
    }

    private SolverNets Nets(string settings, Action<string>? note = null) =>
        new(TextFormat.Parse<SolverParameter>(settings, "s.prototxt"), _folder["s.prototxt"], null, note ?? (_ => { }));
}
