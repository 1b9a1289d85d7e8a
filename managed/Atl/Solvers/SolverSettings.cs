using System.Globalization;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>What the settings of a solver must be, whatever its nets are. Training and lint ask for the same.</summary>
internal static class SolverSettings
{
    /// <summary>Checks the settings.</summary>
    /// <exception cref="SolverException">One does not fit.</exception>
    public static void Check(SolverParameter parameter)
    {
        SolverRegistry.Check(parameter);
        _ = new LearningRate(parameter);
        _ = ReadRegularization(parameter);
        AtLeast(SolverParameter.AverageLossFieldNumber, "average_loss", parameter.AverageLoss, 1);
        AtLeast(SolverParameter.IterSizeFieldNumber, "iter_size", parameter.IterSize, 1);
        AtLeast(SolverParameter.MaxIterFieldNumber, "max_iter", parameter.MaxIter, 0);
        AtLeast(SolverParameter.SnapshotFieldNumber, "snapshot", parameter.Snapshot, 0);
        if (parameter.Type is "AdaGrad" or "RMSProp" && parameter.Momentum != 0)
            throw Error(SolverParameter.MomentumFieldNumber,
                $"momentum cannot be used with {parameter.Type}, expected none or 0, found {parameter.Momentum}");
        if (parameter.Type == "RMSProp" && parameter.RmsDecay is not (>= 0 and < 1))
            throw Error(SolverParameter.RmsDecayFieldNumber, $"rms_decay must lie in [0, 1), found {parameter.RmsDecay}");

        void AtLeast(int field, string name, int value, int least)
        {
            if (value < least) throw Error(field, $"{name} must be {least} or more, found {value}");
        }

        SolverException Error(int field, FormattableString message) =>
            SolverException.At(parameter, field, message.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Settings that fit and with which training does less than was probably meant.</summary>
    public static IEnumerable<string> Warnings(SolverParameter parameter)
    {
        if (!parameter.HasBaseLr) yield return "base_lr is not given and therefore 0: nothing will be learned";
        if (!parameter.HasMaxIter) yield return "max_iter is not given and therefore 0: nothing will be trained";
        if (parameter.LrPolicy is "step" or "exp" or "multistep" && !parameter.HasGamma)
            yield return $"gamma is not given and therefore 0: with lr_policy '{parameter.LrPolicy}' nothing will be learned "
                + (parameter.LrPolicy == "exp" ? "after the first iteration" : "after the first step");
        if (parameter.LrPolicy == "multistep" && parameter.Stepvalue.Count == 0)
            yield return "lr_policy 'multistep' has no stepvalue: the rate stays at base_lr";
        for (int i = 1; i < parameter.Stepvalue.Count; i++)
            if (parameter.Stepvalue[i] < parameter.Stepvalue[i - 1])
                yield return $"stepvalue {parameter.Stepvalue[i]} comes after {parameter.Stepvalue[i - 1]}: "
                    + "steps are taken in the order of the file, so this one is late";
        if (parameter.TestInterval > 0 && parameter.TestIter.Count == 0)
            yield return "test_interval is given without test_iter: nothing will be tested";
    }

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
