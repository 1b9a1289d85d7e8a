using System.Globalization;
using Atl.Operators;
using Atl.Proto;
using Google.Protobuf.Reflection;

namespace Atl.Solvers;

/// <summary>The requirements on a solver's settings, whatever its nets are. Training and lint check the same.</summary>
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
            throw Error(parameter, SolverParameter.RmsDecayFieldNumber,
                $"rms_decay must lie in [0, 1), found {parameter.RmsDecay}");

        void AtLeast(int field, string name, int value, int least)
        {
            if (value < least) throw Error(parameter, field, $"{name} must be {least} or more, found {value}");
        }
    }

    /// <summary>
    /// Settings that fit and with which training does less than was probably meant, each with its place: BVLC Caffe
    /// trains with them without a word.
    /// </summary>
    public static IEnumerable<string> Warnings(SolverParameter parameter)
    {
        foreach ((string field, FormattableString text) in Found(parameter))
        {
            int number = SolverParameter.Descriptor.FindFieldByName(field).FieldNumber;
            string place = SourceMap.Find(parameter, number) is { } known ? $"{known}: " : "";
            yield return place + text.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void CheckNumbers(SolverParameter parameter)
    {
        foreach (FieldDescriptor field in SolverParameter.Descriptor.Fields.InFieldNumberOrder())
            if (!field.IsRepeated && FieldNumbers.Concerns(field) && field.Accessor.HasValue(parameter)
                && FieldNumbers.Fault(field, field.Accessor.GetValue(parameter)) is { } fault)
                throw SolverException.At(parameter, field.FieldNumber, $"{field.Name} is {fault}");
    }

    // The momentum of these solvers is the fraction of the old in a mean that fades, or a divisor is 1 - momentum^t.
    private static void CheckMomentum(SolverParameter parameter)
    {
        if (parameter.Type is "AdaGrad" or "RMSProp" && parameter.Momentum != 0)
            throw Error(parameter, SolverParameter.MomentumFieldNumber,
                $"momentum cannot be used with {parameter.Type}, expected none or 0, found {parameter.Momentum}");
        if (parameter.Type is "Adam" && parameter.Momentum is not (>= 0 and < 1))
            throw Error(parameter, SolverParameter.MomentumFieldNumber,
                $"momentum must lie in [0, 1) with Adam, found {parameter.Momentum}");
        if (parameter.Type is "Adam" && parameter.Momentum2 is not (>= 0 and < 1))
            throw Error(parameter, SolverParameter.Momentum2FieldNumber,
                $"momentum2 must lie in [0, 1) with Adam, found {parameter.Momentum2}");
        if (parameter.Type is "AdaDelta" && parameter.Momentum is not (>= 0 and <= 1))
            throw Error(parameter, SolverParameter.MomentumFieldNumber,
                $"momentum must lie in [0, 1] with AdaDelta, found {parameter.Momentum}");
    }

    private static SolverException Error(SolverParameter parameter, int field, FormattableString message) =>
        SolverException.At(parameter, field, message.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<(string Field, FormattableString Text)> Found(SolverParameter parameter) =>
        [.. OfRate(parameter), .. OfPolicy(parameter), .. OfUpdate(parameter), .. OfRun(parameter)];

    private static IEnumerable<(string Field, FormattableString Text)> OfRate(SolverParameter parameter)
    {
        if (!parameter.HasBaseLr)
            yield return ("base_lr", $"base_lr is not given and therefore 0: nothing will be learned");
        else if (parameter.BaseLr == 0)
            yield return ("base_lr", $"base_lr is 0: nothing will be learned");
        else if (parameter.BaseLr < 0)
            yield return ("base_lr", $"base_lr is {parameter.BaseLr}: a negative rate makes the loss grow");
    }

    private static IEnumerable<(string Field, FormattableString Text)> OfPolicy(SolverParameter parameter)
    {
        string policy = parameter.LrPolicy;
        if (policy is "step" or "exp" or "multistep" && parameter.Gamma == 0)
            yield return ("gamma",
                $"gamma is {Given(parameter.HasGamma)}0: with lr_policy '{policy}' nothing will be learned {(
                policy == "exp" ? "after the first iteration" : "after the first step")}");
        if (policy is "inv" or "sigmoid" && parameter.Gamma == 0)
            yield return ("gamma",
                $"gamma is {Given(parameter.HasGamma)}0: with lr_policy '{policy}' the rate stays at {(
                policy == "inv" ? "base_lr" : "half of base_lr")}");
        if (policy is "exp" or "step" or "multistep" && parameter.Gamma > 1)
            yield return ("gamma", $"gamma is {parameter.Gamma}: with lr_policy '{policy}' the rate grows");
        if (policy is "inv" or "poly" && parameter.Power == 0)
            yield return ("power",
                $"power is {Given(parameter.HasPower)}0: with lr_policy '{policy}' the rate stays at base_lr");
        if (policy is "inv" or "poly" && parameter.Power < 0)
            yield return ("power", $"power is {parameter.Power}: with lr_policy '{policy}' the rate grows{(
                policy == "poly" ? ", at the end without limit" : "")}");
        if (policy == "multistep" && parameter.Stepvalue.Count == 0)
            yield return ("stepvalue", $"lr_policy 'multistep' has no stepvalue: the rate stays at base_lr");
        if (policy != "multistep") yield break;
        for (int i = 0; i < parameter.Stepvalue.Count; i++)
        {
            int step = parameter.Stepvalue[i];
            if (step < 0)
                yield return ("stepvalue", $"stepvalue {step} is negative: the rate drops at the first iteration");
            if (i == 0) continue;
            int before = parameter.Stepvalue[i - 1];
            if (step < before)
                yield return ("stepvalue",
                    $"stepvalue {step} comes after {before}: steps are taken in the order of the file, so this one is late");
            else if (step == before)
                yield return ("stepvalue",
                    $"stepvalue {step} is given twice: the second step is taken one iteration later");
        }
    }

    private static IEnumerable<(string Field, FormattableString Text)> OfUpdate(SolverParameter parameter)
    {
        if (parameter.Type is "SGD" or "Nesterov" && parameter.Momentum is >= 1 or < 0)
        {
            string why = parameter.Momentum < 0
                ? "each step takes back a part of the one before"
                : "steps grow without limit";
            yield return ("momentum", $"momentum is {parameter.Momentum}, expected 0 up to, but not, 1: {why}");
        }
        if (parameter.Type is "AdaDelta" && parameter.Momentum == 1)
            yield return ("momentum", $"momentum is 1: AdaDelta takes no notice of gradients");
        if (parameter.WeightDecay < 0)
            yield return ("weight_decay",
                $"weight_decay is {parameter.WeightDecay}: a negative one makes weights grow");
        if (parameter.HasClipGradients && parameter.ClipGradients == 0)
            yield return ("clip_gradients",
                $"clip_gradients is 0: nothing will be learned (leave it out for no limit)");
        (string type, float delta) = (parameter.Type, parameter.Delta);
        if (type is "AdaGrad" or "RMSProp" or "AdaDelta" or "Adam" && delta <= 0)
            yield return ("delta",
                $"delta is {delta}, expected more than 0: {type} divides by 0 where a gradient is 0");
    }

    private static IEnumerable<(string Field, FormattableString Text)> OfRun(SolverParameter parameter)
    {
        if (parameter.MaxIter == 0)
            yield return ("max_iter", $"max_iter is {Given(parameter.HasMaxIter)}0: nothing will be trained");
        if (parameter.TestInterval < 0)
            yield return ("test_interval", $"test_interval is {parameter.TestInterval}: nothing will be tested");
        if (parameter.TestInterval > 0 && parameter.TestIter.Count == 0)
            yield return ("test_interval", $"test_interval is given without test_iter: nothing will be tested");
        int every = parameter.Snapshot, last = parameter.MaxIter;
        if (every > last && last > 0 && !parameter.SnapshotAfterTrain)
            yield return ("snapshot",
                $"snapshot is {every}, more than max_iter {last}, and snapshot_after_train is false: nothing will be stored");
    }

    private static string Given(bool given) => given ? "" : "not given and therefore ";

    /// <summary>The regularization that a solver asks for; none without weight_decay.</summary>
    /// <exception cref="SolverException">There is no such regularization.</exception>
    public static Regularization ReadRegularization(SolverParameter parameter) => parameter.RegularizationType switch
    {
        "L2" => Regularization.L2,
        "L1" => Regularization.L1,
        var other when parameter.WeightDecay != 0 => throw SolverException.At(
            parameter, SolverParameter.RegularizationTypeFieldNumber,
            $"unknown regularization_type '{other}', expected L2 or L1"),
        _ => Regularization.None,
    };
}
