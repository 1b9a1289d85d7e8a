using System.Globalization;
using Atl.Operators;
using Atl.Proto;
using Google.Protobuf.Reflection;

namespace Atl.Solvers;

/// <summary>What the settings of a solver must be, whatever its nets are. Training and lint ask for the same.</summary>
internal static class SolverSettings
{
    /// <summary>Checks the settings.</summary>
    /// <exception cref="SolverException">One does not fit.</exception>
    public static void Check(SolverParameter parameter)
    {
        SolverRegistry.Check(parameter);
        CheckNumbers(parameter);
        _ = new LearningRate(parameter);
        _ = ReadRegularization(parameter);
        AtLeast(SolverParameter.AverageLossFieldNumber, "average_loss", parameter.AverageLoss, 1);
        AtLeast(SolverParameter.IterSizeFieldNumber, "iter_size", parameter.IterSize, 1);
        AtLeast(SolverParameter.MaxIterFieldNumber, "max_iter", parameter.MaxIter, 0);
        AtLeast(SolverParameter.SnapshotFieldNumber, "snapshot", parameter.Snapshot, 0);
        CheckMomentum(parameter);
        if (parameter.Type == "RMSProp" && parameter.RmsDecay is not (>= 0 and < 1))
            throw Error(SolverParameter.RmsDecayFieldNumber, $"rms_decay must lie in [0, 1), found {parameter.RmsDecay}");

        void AtLeast(int field, string name, int value, int least)
        {
            if (value < least) throw Error(field, $"{name} must be {least} or more, found {value}");
        }

        SolverException Error(int field, FormattableString message) =>
            SolverException.At(parameter, field, message.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Settings that fit and with which training does less than was probably meant, each with its place: BVLC Caffe trains with
    /// them without a word.
    /// </summary>
    public static IEnumerable<string> Warnings(SolverParameter parameter) => Found(parameter).Select(
        found => $"{(SourceMap.Find(parameter, found.Field) is { } place ? $"{place}: " : "")}{found.Text.ToString(CultureInfo.InvariantCulture)}");

    private static void CheckNumbers(SolverParameter parameter)
    {
        foreach (FieldDescriptor field in SolverParameter.Descriptor.Fields.InFieldNumberOrder())
            if (!field.IsRepeated && FieldNumbers.Concerns(field) && field.Accessor.HasValue(parameter)
                && FieldNumbers.Fault(field, field.Accessor.GetValue(parameter)) is { } fault)
                throw SolverException.At(parameter, field.FieldNumber, $"{field.Name} is {fault}");
    }

    // The momentum of these solvers is the share of the old in a mean that fades, or a divisor is 1 - momentum^t.
    private static void CheckMomentum(SolverParameter parameter)
    {
        if (parameter.Type is "AdaGrad" or "RMSProp" && parameter.Momentum != 0)
            throw Error(SolverParameter.MomentumFieldNumber,
                $"momentum cannot be used with {parameter.Type}, expected none or 0, found {parameter.Momentum}");
        if (parameter.Type is "Adam" && parameter.Momentum is not (>= 0 and < 1))
            throw Error(SolverParameter.MomentumFieldNumber, $"momentum must lie in [0, 1) with Adam, found {parameter.Momentum}");
        if (parameter.Type is "Adam" && parameter.Momentum2 is not (>= 0 and < 1))
            throw Error(SolverParameter.Momentum2FieldNumber, $"momentum2 must lie in [0, 1) with Adam, found {parameter.Momentum2}");
        if (parameter.Type is "AdaDelta" && parameter.Momentum is not (>= 0 and <= 1))
            throw Error(SolverParameter.MomentumFieldNumber, $"momentum must lie in [0, 1] with AdaDelta, found {parameter.Momentum}");

        SolverException Error(int field, FormattableString message) =>
            SolverException.At(parameter, field, message.ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<(int Field, FormattableString Text)> Found(SolverParameter parameter) =>
        [.. OfRate(parameter), .. OfPolicy(parameter), .. OfUpdate(parameter), .. OfRun(parameter)];

    private static IEnumerable<(int Field, FormattableString Text)> OfRate(SolverParameter parameter)
    {
        if (!parameter.HasBaseLr)
            yield return (SolverParameter.BaseLrFieldNumber, $"base_lr is not given and therefore 0: nothing will be learned");
        else if (parameter.BaseLr == 0)
            yield return (SolverParameter.BaseLrFieldNumber, $"base_lr is 0: nothing will be learned");
        else if (parameter.BaseLr < 0)
            yield return (SolverParameter.BaseLrFieldNumber, $"base_lr is {parameter.BaseLr}: a negative rate makes the loss grow");
    }

    private static IEnumerable<(int Field, FormattableString Text)> OfPolicy(SolverParameter parameter)
    {
        string policy = parameter.LrPolicy;
        if (policy is "step" or "exp" or "multistep" && parameter.Gamma == 0)
            yield return (SolverParameter.GammaFieldNumber, $"gamma is {Given(parameter.HasGamma)}0: with lr_policy '{policy}' nothing will be learned {(
                policy == "exp" ? "after the first iteration" : "after the first step")}");
        if (policy is "inv" or "sigmoid" && parameter.Gamma == 0)
            yield return (SolverParameter.GammaFieldNumber, $"gamma is {Given(parameter.HasGamma)}0: with lr_policy '{policy}' the rate stays at {(
                policy == "inv" ? "base_lr" : "half of base_lr")}");
        if (policy is "exp" or "step" or "multistep" && parameter.Gamma > 1)
            yield return (SolverParameter.GammaFieldNumber, $"gamma is {parameter.Gamma}: with lr_policy '{policy}' the rate grows");
        if (policy is "inv" or "poly" && parameter.Power == 0)
            yield return (SolverParameter.PowerFieldNumber, $"power is {Given(parameter.HasPower)}0: with lr_policy '{policy}' the rate stays at base_lr");
        if (policy is "inv" or "poly" && parameter.Power < 0)
            yield return (SolverParameter.PowerFieldNumber, $"power is {parameter.Power}: with lr_policy '{policy}' the rate grows{(
                policy == "poly" ? ", at the end without limit" : "")}");
        if (policy == "multistep" && parameter.Stepvalue.Count == 0)
            yield return (SolverParameter.StepvalueFieldNumber, $"lr_policy 'multistep' has no stepvalue: the rate stays at base_lr");
        for (int i = 0; i < parameter.Stepvalue.Count; i++)
        {
            int step = parameter.Stepvalue[i];
            if (step < 0)
                yield return (SolverParameter.StepvalueFieldNumber, $"stepvalue {step} is negative: the rate drops at the first iteration");
            if (i > 0 && step < parameter.Stepvalue[i - 1])
                yield return (SolverParameter.StepvalueFieldNumber, $"stepvalue {step} comes after {parameter.Stepvalue[i - 1]
                    }: steps are taken in the order of the file, so this one is late");
            else if (i > 0 && step == parameter.Stepvalue[i - 1])
                yield return (SolverParameter.StepvalueFieldNumber, $"stepvalue {step} is given twice: the second step is taken one iteration later");
        }
    }

    private static IEnumerable<(int Field, FormattableString Text)> OfUpdate(SolverParameter parameter)
    {
        if (parameter.Type is "SGD" or "Nesterov" && parameter.Momentum is >= 1 or < 0)
            yield return (SolverParameter.MomentumFieldNumber, $"momentum is {parameter.Momentum}, expected 0 up to, but not, 1: {(
                parameter.Momentum < 0 ? "each step takes back a part of the one before" : "steps grow without limit")}");
        if (parameter.Type is "AdaDelta" && parameter.Momentum == 1)
            yield return (SolverParameter.MomentumFieldNumber, $"momentum is 1: AdaDelta takes no notice of gradients");
        if (parameter.WeightDecay < 0)
            yield return (SolverParameter.WeightDecayFieldNumber, $"weight_decay is {parameter.WeightDecay}: a negative one makes weights grow");
        if (parameter.HasClipGradients && parameter.ClipGradients == 0)
            yield return (SolverParameter.ClipGradientsFieldNumber, $"clip_gradients is 0: nothing will be learned (leave it out for no limit)");
        if (parameter.Type is "AdaGrad" or "RMSProp" or "AdaDelta" or "Adam" && parameter.Delta <= 0)
            yield return (SolverParameter.DeltaFieldNumber, $"delta is {parameter.Delta}, expected more than 0: {parameter.Type
                } divides by 0 where a gradient is 0");
    }

    private static IEnumerable<(int Field, FormattableString Text)> OfRun(SolverParameter parameter)
    {
        if (parameter.MaxIter == 0)
            yield return (SolverParameter.MaxIterFieldNumber, $"max_iter is {Given(parameter.HasMaxIter)}0: nothing will be trained");
        if (parameter.TestInterval < 0)
            yield return (SolverParameter.TestIntervalFieldNumber, $"test_interval is {parameter.TestInterval}: nothing will be tested");
        if (parameter.TestInterval > 0 && parameter.TestIter.Count == 0)
            yield return (SolverParameter.TestIntervalFieldNumber, $"test_interval is given without test_iter: nothing will be tested");
        if (parameter.Snapshot > parameter.MaxIter && parameter.MaxIter > 0 && !parameter.SnapshotAfterTrain)
            yield return (SolverParameter.SnapshotFieldNumber, $"snapshot is {parameter.Snapshot}, more than max_iter {parameter.MaxIter
                }, and snapshot_after_train is false: nothing will be stored");
    }

    private static string Given(bool given) => given ? "" : "not given and therefore ";

    /// <summary>The regularization that a solver asks for; none without weight_decay.</summary>
    /// <exception cref="SolverException">There is no such regularization.</exception>
    public static Regularization ReadRegularization(SolverParameter parameter) => parameter.RegularizationType switch
    {
        "L2" => Regularization.L2,
        "L1" => Regularization.L1,
        var other when parameter.WeightDecay != 0 => throw SolverException.At(
            parameter, SolverParameter.RegularizationTypeFieldNumber, $"unknown regularization_type '{other}', expected L2 or L1"),
        _ => Regularization.None,
    };
}
