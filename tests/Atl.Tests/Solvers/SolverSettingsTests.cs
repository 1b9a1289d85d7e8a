using Atl.Linting;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

/// <summary>What of a solver's settings is an error and what a warning; training and lint say the same, with the
/// place.</summary>
public sealed class SolverSettingsTests : FolderFixture
{
    private const string Net =
        """net_param { layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 } } } }""";
    private const string Sound = "base_lr: 0.1 lr_policy: 'fixed' max_iter: 10";

    private static readonly string[] Numbers =
        ["base_lr", "gamma", "power", "momentum", "weight_decay", "clip_gradients", "delta", "momentum2", "rms_decay"];

    private static readonly string[] NoNumbers = ["nan", "inf", "-inf", "1e39"];

    [Test]
    public void ANumberThatIsNoneIsAnError([ValueSource(nameof(Numbers))] string field,
    [ValueSource(nameof(NoNumbers))] string value)
    {
        string others = field == "base_lr" ? "lr_policy: 'fixed' max_iter: 10" : Sound;
        Assert.That(Error($"{others}\n{field}: {value}"),
            Does.StartWith("solver.prototxt:2:1: ").And.Contain($"{field} is "));
    }

    [TestCase("type: 'Adam' momentum: 1", "momentum must lie in [0, 1) with Adam, found 1")]
    [TestCase("type: 'Adam' momentum: -0.5", "momentum must lie in [0, 1) with Adam, found -0.5")]
    [TestCase("type: 'Adam' momentum2: 1", "momentum2 must lie in [0, 1) with Adam, found 1")]
    [TestCase("type: 'AdaDelta' momentum: 1.5", "momentum must lie in [0, 1] with AdaDelta, found 1.5")]
    [TestCase("type: 'RMSProp' rms_decay: 1", "rms_decay must lie in [0, 1), found 1")]
    [TestCase("type: 'AdaGrad' momentum: 0.9", "momentum cannot be used with AdaGrad")]
    [TestCase("iter_size: 0", "iter_size must be 1 or more, found 0")]
    [TestCase("average_loss: 0", "average_loss must be 1 or more, found 0")]
    [TestCase("snapshot: -1", "snapshot must be 0 or more, found -1")]
    public void WhatGivesNoResultIsAnError(string settings, string message) =>
        Assert.That(Error($"{Sound}\n{settings}"), Does.StartWith("solver.prototxt:2:").And.Contain(message));

    [TestCase("lr_policy: 'step' gamma: 0.5", "lr_policy 'step' needs stepsize to be more than 0, found 0")]
    [TestCase("lr_policy: 'step' gamma: -1 stepsize: 2", "lr_policy 'step' needs gamma to be 0 or more, found -1")]
    [TestCase("lr_policy: 'sigmoid' gamma: 0.5 stepsize: -3",
    "lr_policy 'sigmoid' needs stepsize to be more than 0, found -3")]
    [TestCase("lr_policy: 'poly' power: 1", "lr_policy 'poly' needs max_iter to be more than 0, found 0")]
    public void WhatItsPolicyCannotDoWithoutIsAnError(string settings, string message) =>
        Assert.That(Error($"base_lr: 0.1 {settings}"), Does.StartWith("solver.prototxt:1:").And.Contain(message));

    [TestCase("lr_policy: 'exp' max_iter: 10",
        "gamma is not given and therefore 0: with lr_policy 'exp' nothing will be learned after the first iteration")]
    [TestCase("lr_policy: 'step' stepsize: 5 max_iter: 10", "gamma is not given and therefore 0")]
    [TestCase("lr_policy: 'multistep' stepvalue: 5 gamma: 0 max_iter: 10", "gamma is 0: with lr_policy 'multistep'")]
    [TestCase("lr_policy: 'inv' power: 0.75 max_iter: 10", "the rate stays at base_lr")]
    [TestCase("lr_policy: 'inv' gamma: 0.5 max_iter: 10", "power is not given and therefore 0")]
    [TestCase("lr_policy: 'sigmoid' stepsize: 5 max_iter: 10", "the rate stays at half of base_lr")]
    [TestCase("lr_policy: 'poly' max_iter: 10",
    "power is not given and therefore 0: with lr_policy 'poly' the rate stays at base_lr")]
    [TestCase("lr_policy: 'poly' power: -1 max_iter: 10", "the rate grows, at the end without limit")]
    [TestCase("lr_policy: 'exp' gamma: 1.5 max_iter: 10", "gamma is 1.5: with lr_policy 'exp' the rate grows")]
    [TestCase("lr_policy: 'multistep' gamma: 0.5 max_iter: 10", "has no stepvalue")]
    [TestCase("lr_policy: 'multistep' gamma: 0.5 max_iter: 10 stepvalue: 8 stepvalue: 4", "stepvalue 4 comes after 8")]
    [TestCase("lr_policy: 'multistep' gamma: 0.5 max_iter: 10 stepvalue: -8", "stepvalue -8 is negative")]
    [TestCase("lr_policy: 'multistep' gamma: 0.5 max_iter: 10 stepvalue: 8 stepvalue: 8", "stepvalue 8 is given twice")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 momentum: 1",
    "momentum is 1, expected 0 up to, but not, 1: steps grow without limit")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 momentum: -0.5", "momentum is -0.5")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 type: 'AdaDelta' momentum: 1", "AdaDelta takes no notice of gradients")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 weight_decay: -1", "weight_decay is -1")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 clip_gradients: 0", "clip_gradients is 0: nothing will be learned")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 type: 'AdaGrad' delta: 0", "delta is 0, expected more than 0")]
    [TestCase("lr_policy: 'fixed' max_iter: 0", "max_iter is 0: nothing will be trained")]
    [TestCase("lr_policy: 'fixed'", "max_iter is not given and therefore 0")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 test_interval: 5", "test_interval is given without test_iter")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 test_interval: -5", "test_interval is -5: nothing will be tested")]
    [TestCase("lr_policy: 'fixed' max_iter: 10 snapshot: 20 snapshot_after_train: false", "nothing will be stored")]
    public void WhatCaffeTrainsWithIsAWarning(string settings, string warning)
    {
        string text = $"base_lr: 0.1 {settings}";
        Assert.That(SolverSettings.Warnings(Read(text)),
            Has.Exactly(1).Matches($@"^solver\.prototxt:1:\d+: ").And.One.Contains(warning));
        Assert.That(() => SolverSettings.Check(Read(text)), Throws.Nothing);
        Assert.That(Lint(text).Notes, Has.One.Contains(warning));
    }

    [TestCase("max_iter: 10 lr_policy: 'fixed'", "base_lr is not given and therefore 0")]
    [TestCase("max_iter: 10 lr_policy: 'fixed' base_lr: 0", "base_lr is 0")]
    [TestCase("max_iter: 10 lr_policy: 'fixed' base_lr: -1", "base_lr is -1: a negative rate makes the loss grow")]
    public void ARateThatLearnsNothingIsAWarning(string settings, string warning) =>
        Assert.That(SolverSettings.Warnings(Read(settings)), Has.One.Contains(warning));

    [TestCase("momentum: 0.9 weight_decay: 0.0005")]
    [TestCase("type: 'Adam' momentum: 0.9 momentum2: 0.999 delta: 1e-8")]
    [TestCase("type: 'RMSProp' rms_decay: 0.98")]
    [TestCase("type: 'AdaDelta' momentum: 0.95 delta: 1e-6")]
    public void UsualSettingsAreNeither(string settings)
    {
        SolverParameter parameter = Read($"{Sound} {settings}");
        Assert.That(() => SolverSettings.Check(parameter), Throws.Nothing);
        Assert.That(SolverSettings.Warnings(parameter), Is.Empty);
    }

    [Test]
    public void LintMentionsAMissingSnapshotFolder()
    {
        Assert.That(Lint($"{Sound}\nsnapshot_prefix: 'no/such/folder/run'").Notes,
            Has.One.Matches(@"solver\.prototxt:2:1: the folder 'no/such/folder' of snapshot_prefix does not exist"));
        Assert.That(Lint($"{Sound}\nsnapshot_prefix: 'run'").Notes, Has.None.Contains("snapshot_prefix"));
    }

    private static SolverParameter Read(string settings) =>
        TextFormat.Parse<SolverParameter>(settings, "solver.prototxt");

    // What training says; lint must say it too.
    private string Error(string settings)
    {
        string said = Assert.Throws<SolverException>(() => SolverSettings.Check(Read(settings)))!.Message;
        Assert.That(Lint(settings).Message, Does.EndWith(said));
        return said;
    }

    private LintedFile Lint(string settings)
    {
        string path = _folder["solver.prototxt"];
        File.WriteAllText(path, $"{settings}\n{Net}\n");
        return new Linter(allowUnknownFields: false).Check(path);
    }
}
